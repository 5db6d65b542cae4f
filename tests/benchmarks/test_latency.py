"""The model of a ring's wait: it draws through the figures it cites, and says so each time."""

from __future__ import annotations

from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import hops
from benchmarks.hops import Hop
from benchmarks.latency import GOALS, WAYS, draw
from benchmarks.report import percentile

TIMES = draw(draws=4_000)
HOPS = [each for each in vars(hops).values() if isinstance(each, Hop)]


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.name)
def test_a_hop_is_drawn_through_both_of_its_figures(hop: Hop) -> None:
    random = Random(1)
    drawn = [hop.draw(random) for _ in range(20_000)]
    assert median(drawn) == pytest.approx(hop.median, rel=0.05)
    assert percentile(drawn, 0.99) == pytest.approx(hop.late, rel=0.2)
    assert min(drawn) > 0
    assert hop.source


@given(st.integers(1, 50))
def test_the_same_seed_gives_the_same_times(draws: int) -> None:
    assert draw(draws=draws) == draw(draws=draws)


def test_a_cold_start_only_makes_it_longer() -> None:
    for name, times in TIMES.items():
        if name.endswith("cold"):
            warm = name.replace("cold", "warm")
            assert set(WAYS[warm]) <= set(WAYS[name])
            assert median(times) > median(TIMES[warm])


def test_the_usual_notice_and_every_code_are_within_their_goals() -> None:
    assert median(TIMES["ring → notice, usual"]) < GOALS["notice"]
    codes = [times for name, times in TIMES.items() if name.startswith("ring → code")]
    assert all(median(times) < GOALS["code"] for times in codes)


def test_the_seed_has_four_cold_starts_on_its_way() -> None:
    assert list(WAYS["seed: connect → code"]).count(hops.RUST) == 4
