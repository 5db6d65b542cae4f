"""A fleet comes back through a gate: nobody is forgotten, and patience spares the gate."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.storm import Gate, come_back, hasty, patient


@given(st.floats(0.5, 50), st.integers(1, 50), st.lists(st.floats(0, 100), max_size=200))
def test_a_gate_lets_in_no_more_than_its_rate_and_its_burst(
    rate: float, burst: int, moments: list[float]
) -> None:
    gate = Gate(rate, burst)
    let_in = [now for now in sorted(moments) if gate.lets_in(now)]
    for first, since in enumerate(let_in):
        for last in range(first, len(let_in)):
            assert last - first + 1 <= burst + rate * (let_in[last] - since) + 1e-6


@given(st.integers(1, 200), st.sampled_from([hasty, patient]), st.integers(0, 9))
@settings(max_examples=20)
def test_every_door_comes_back(doors: int, wait: object, seed: int) -> None:
    storm = come_back(doors, Gate(5, 5), wait, Random(seed))  # type: ignore[arg-type]
    assert len(storm.connected) == doors
    assert storm.connected == sorted(storm.connected)


def test_doors_that_spread_out_are_turned_away_less_often() -> None:
    storms = [come_back(2_000, Gate(20, 40), wait, Random(7)) for wait in (hasty, patient)]
    often, seldom = (len(storm.turned_away) for storm in storms)
    assert seldom < often / 2


def test_where_the_gate_is_wide_nobody_waits() -> None:
    storm = come_back(100, Gate(1_000, 200), patient, Random(1))
    assert storm.turned_away == []
    assert max(storm.connected) <= 1
