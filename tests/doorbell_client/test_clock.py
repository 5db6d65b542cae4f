"""A press's age is honest, although a Pi's wall clock is not."""

from hypothesis import given
from hypothesis import strategies as st

from doorbell.protocol import MAX_AGE_SECONDS
from doorbell_client.clock import STALE_SECONDS, Moment

WALLS = st.floats(-1e12, 1e12)


@given(WALLS, WALLS, st.floats(0, 1e6), st.floats(0, 1e6))
def test_within_one_boot_only_the_uptime_counts(
    then: float, now: float, began: float, passed: float
) -> None:
    age = Moment(now, "boot", began + passed).since(Moment(then, "boot", began))
    assert abs(age - passed) < 1e-3


@given(WALLS, WALLS, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_press_from_before_a_reboot_is_never_taken_for_a_new_one(
    then: float, now: float, a: float, b: float
) -> None:
    age = Moment(now, "boot 2", a).since(Moment(then, "boot 1", b))
    assert STALE_SECONDS <= age <= MAX_AGE_SECONDS


@given(WALLS, WALLS, st.floats(0, 1e6), st.floats(0, 1e6))
def test_of_another_boot_no_more_has_surely_passed_than_of_this_one(
    then: float, now: float, a: float, b: float
) -> None:
    here, there = Moment(now, "boot 2", a), Moment(then, "boot 1", b)
    assert here.surely_since(there) == min(here.since(there), a)
    same = Moment(then, "boot 2", b)
    assert here.surely_since(same) == here.since(same)


def test_time_goes_on() -> None:
    first, second = Moment.now(), Moment.now()
    assert 0 <= second.since(first) < 5
