"""An evening before a quota: every ring is compared once, or rings."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.evening import EVENING, PEAK, RINGS_A_DAY, rates
from benchmarks.faces_queue import PATIENCE, Policy, arrivals, evening

POLICIES = ("retry", "oldest first", "newest first")
EVERY = pytest.mark.parametrize("policy", POLICIES)


@given(
    st.lists(st.floats(0, 60), max_size=100).map(sorted),
    st.integers(1, 10),
    st.sampled_from(POLICIES),
)
@settings(max_examples=60)
def test_no_ring_is_lost_and_none_waits_longer_than_the_door(
    rings: list[float], quota: int, policy: Policy
) -> None:
    it = evening(rings, quota, policy, Random(1))
    assert len(it.waits) + it.rung == len(rings)
    assert all(0 <= wait <= PATIENCE for wait in it.waits)


@EVERY
def test_no_second_sees_more_searches_than_the_quota(policy: Policy) -> None:
    it = evening([0.5] * 100, 4, policy, Random(1))
    assert len(it.waits) <= 4 * (PATIENCE + 1)


@EVERY
def test_below_the_quota_every_ring_is_compared(policy: Policy) -> None:
    it = evening([float(second) for second in range(50)], 2, policy, Random(1))
    assert it.share == 1


def test_in_a_rush_the_newest_first_wait_less() -> None:
    rings = arrivals([6.0] * 600, Random(3))
    oldest, newest = (
        sorted(evening(rings, 5, policy, Random(1)).waits)
        for policy in ("oldest first", "newest first")
    )
    assert newest[len(newest) // 2] < oldest[len(oldest) // 2]


def test_an_evening_has_its_peak_in_the_middle() -> None:
    even = 1_000 * RINGS_A_DAY / 86_400
    evening_rates = rates(1_000)
    assert max(evening_rates) == pytest.approx(PEAK * even, rel=1e-3)
    assert evening_rates.index(max(evening_rates)) == pytest.approx(EVENING / 2, abs=2)
    assert evening_rates[0] == pytest.approx(even, rel=1e-3)
