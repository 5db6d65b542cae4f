"""No message passes for younger than it is, and a prompt one passes for young."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.protocol import Hello, Ping
from doorbell_client.link.cloud_clock import CloudClock

AHEAD = st.floats(-1e9, 1e9)
TRIP = st.floats(0, 30)


def connected(now: float = 0.0) -> CloudClock:
    clock = CloudClock()
    clock.connecting(now)
    return clock


@given(AHEAD, st.lists(st.tuples(TRIP, TRIP), max_size=10), TRIP, st.floats(0, 600))
def test_a_message_is_never_taken_for_younger_than_it_is(
    ahead: float, pings: list[tuple[float, float]], wait: float, held_back: float
) -> None:
    clock, now = connected(), 0.0
    for there, back in pings:
        clock.asked(Ping, now)
        clock.answered(Ping, now + there + ahead)
        now += there + back
    sent_at = now + wait
    age = clock.age_at_most(sent_at + held_back, sent_at + ahead)
    assert age >= held_back - 1e-3


@given(AHEAD, st.floats(0, 2), st.floats(0, 3))
def test_after_one_answer_a_message_counts_as_older_by_no_more_than_the_trip(
    ahead: float, trip: float, held_back: float
) -> None:
    clock = connected()
    clock.asked(Ping, 1000.0)
    clock.answered(Ping, 1000.0 + trip + ahead)
    age = clock.age_at_most(2000.0 + held_back, 2000.0 + ahead)
    assert age <= held_back + trip + 1e-3


def test_without_any_answer_a_message_may_be_as_old_as_its_connection() -> None:
    clock = connected(100.0)
    assert clock.age_at_most(104.0, 1e9) == 4.0
    assert clock.age_at_most(104.0, None) == 4.0


def test_without_the_cloud_s_time_a_message_is_no_older_than_the_last_answered_question() -> None:
    clock = connected()
    clock.asked(Hello, 1.0)
    clock.answered(Hello, None)
    clock.asked(Ping, 50.0)
    assert clock.age_at_most(51.0, None) == 50.0
    clock.answered(Ping, None)
    assert clock.age_at_most(51.0, None) == 1.0


def test_the_offset_outlives_a_connection_and_the_questions_do_not() -> None:
    clock = connected()
    clock.asked(Ping, 10.0)
    clock.answered(Ping, 1010.0)
    clock.asked(Ping, 20.0)
    clock.connecting(100.0)
    clock.answered(Ping, 5.0)
    assert clock.age_at_most(160.0, 1150.0) == pytest.approx(10.0)


def test_an_answer_that_nobody_asked_for_proves_nothing() -> None:
    clock = connected()
    clock.answered(Ping, 1e9)
    assert clock.age_at_most(30.0, 1e9) == 30.0


def test_a_message_from_the_future_is_new() -> None:
    clock = connected()
    clock.asked(Ping, 0.0)
    clock.answered(Ping, 1000.0)
    assert clock.age_at_most(5.0, 1500.0) == 0.0
