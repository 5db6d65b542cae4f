"""When a lost line is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.link.backoff import Backoff
from doorbell_client.link.line import LinkTimeouts

TIMEOUTS = LinkTimeouts()


@given(st.lists(st.floats(0, 29), max_size=100), st.floats(0, 1))
def test_a_server_that_hangs_up_at_once_is_tried_ever_more_slowly(
    lives: list[float], draw: float
) -> None:
    backoff = Backoff(TIMEOUTS, lambda: draw)
    waits = [backoff.after(lived) for lived in lives]
    assert all(TIMEOUTS.first_retry / 2 <= wait <= TIMEOUTS.longest_retry for wait in waits)
    assert waits == sorted(waits)


def test_a_line_that_lived_makes_the_next_try_quick_again() -> None:
    backoff = Backoff(TIMEOUTS, lambda: 1.0)
    for _ in range(10):
        backoff.after(0)
    assert backoff.after(0) == 60
    assert backoff.after(31) == 0.5


def test_retries_of_a_fleet_spread_out() -> None:
    waits = {Backoff(TIMEOUTS, lambda draw=n / 10: draw).after(0) for n in range(10)}  # type: ignore[misc]
    assert len(waits) == 10


def test_who_is_refused_comes_back_slowly() -> None:
    assert 225 <= Backoff(TIMEOUTS, lambda: 0.0).after(0, refused=True) <= 375


@given(st.integers(0, 100), st.floats(0, 1))
def test_in_a_crowd_nobody_waits_longer_than_ten_minutes(times: int, draw: float) -> None:
    backoff = Backoff(TIMEOUTS, lambda: draw)
    waits = [backoff.after_crowd() for _ in range(times)]
    assert all(TIMEOUTS.first_retry <= wait <= TIMEOUTS.crowded_longest for wait in waits)
    assert waits == sorted(waits)


@given(st.integers(1, 20))
def test_in_a_crowd_any_moment_until_then_is_as_likely(times: int) -> None:
    """So that whoever was turned away together does not come together again."""
    soonest, latest = Backoff(TIMEOUTS, lambda: 0.0), Backoff(TIMEOUTS, lambda: 1.0)
    for n in range(times):
        assert soonest.after_crowd() == TIMEOUTS.first_retry
        assert latest.after_crowd() == min(600.0, 30.0 * 2**n)


@given(st.floats(30, 1e6), st.integers(1, 20))
def test_after_a_good_line_a_crowd_is_a_new_one(lived: float, times: int) -> None:
    backoff = Backoff(TIMEOUTS, lambda: 1.0)
    for _ in range(times):
        backoff.after_crowd()
    backoff.after(lived)
    assert backoff.after_crowd() == TIMEOUTS.crowded_first


def test_a_crowd_makes_no_other_failure_slower() -> None:
    backoff = Backoff(TIMEOUTS, lambda: 1.0)
    for _ in range(10):
        backoff.after_crowd()
    assert backoff.after(0) == TIMEOUTS.first_retry
