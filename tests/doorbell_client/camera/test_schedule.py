"""Instants that nothing moves: no delay, no restart, no clock that is set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.camera.schedule import Due, Schedule, judge

SIX_HOURS = Schedule(6 * 3600)
MIDNIGHT = 1_700_006_400
"""UTC; a multiple of a day."""
NOON = MIDNIGHT + 12 * 3600

schedules = st.integers(1, 40 * 86400).flatmap(
    lambda every: st.builds(Schedule, st.just(every), st.integers(0, every - 1))
)
moments = st.floats(0, 5_000_000_000)


@given(schedules, moments)
def test_instants_are_multiples_and_lie_around_every_moment(schedule: Schedule, now: float) -> None:
    latest, following = schedule.latest(now), schedule.following(now)
    assert (latest - schedule.offset) % schedule.every == 0
    assert latest <= now < following == latest + schedule.every


@given(schedules, moments, st.lists(st.floats(0, 3.0), max_size=30))
def test_however_late_it_is_looked_every_instant_is_due_once_at_the_most(
    schedule: Schedule, now: float, delays: list[float]
) -> None:
    """Delays are in multiples of the schedule: up to three instants are missed at a time."""
    done: int | None = None
    taken: list[int] = []
    for delay in delays:
        instant, done = judge(schedule, done, now)
        if instant is not None:
            assert instant == schedule.latest(now)
            taken.append(instant)
            done = instant
        now += delay * schedule.every
    assert taken == sorted(set(taken))


@pytest.mark.parametrize(
    ("done", "now", "due"),
    [
        (None, NOON + 60, Due(None, NOON)),
        (NOON, NOON + 60, Due(None, NOON)),
        (NOON, NOON + 6 * 3600, Due(NOON + 6 * 3600, NOON)),
        (NOON, NOON + 6 * 3600 + 5000.5, Due(NOON + 6 * 3600, NOON)),
        # a week without power: one picture
        (NOON, NOON + 7 * 86400 + 60, Due(NOON + 7 * 86400, NOON)),
        # the clock is set back a little, across the instant: it is not taken again
        (NOON, NOON - 2.5, Due(None, NOON)),
        (NOON, NOON + 0.1, Due(None, NOON)),
        # it was a year ahead, and has been set: it goes on from here
        (NOON + 365 * 86400, NOON + 60, Due(None, NOON)),
    ],
)
def test_what_is_due(done: int | None, now: float, due: Due) -> None:
    assert judge(SIX_HOURS, done, now) == due


def test_noon_every_day_is_an_offset() -> None:
    daily = Schedule(86400, 12 * 3600)
    assert daily.latest(NOON - 1) == NOON - 86400
    assert daily.latest(NOON) == NOON
