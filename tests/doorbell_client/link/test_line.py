"""When to try again, when a line is dead: no sockets needed to know."""

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.link.line import Backoff, Health, Heartbeat, LinkTimeouts

TIMINGS = LinkTimeouts()
INF = float("inf")


def heart(draw: float = 0.0) -> Heartbeat:
    return Heartbeat(TIMINGS, 0.0, lambda: draw)


def beats(of: Heartbeat, until: float, *, busy: bool = False) -> tuple[float, Health]:
    """Look every second until something is to be done."""
    now = 0.0
    while now < until:
        now += 1
        health = of.look(now, busy=busy)
        if health is Health.PING:
            of.heard(now)
        elif health is not Health.FINE:
            return now, health
    return now, Health.FINE


@given(st.lists(st.floats(0, 29), max_size=100), st.floats(0, 1))
def test_a_server_that_hangs_up_at_once_is_tried_ever_more_slowly(
    lives: list[float], draw: float
) -> None:
    backoff = Backoff(TIMINGS, lambda: draw)
    waits = [backoff.after(lived) for lived in lives]
    assert all(TIMINGS.first_retry / 2 <= wait <= TIMINGS.most_retry for wait in waits)
    assert waits == sorted(waits)


def test_a_line_that_lived_makes_the_next_try_quick_again() -> None:
    backoff = Backoff(TIMINGS, lambda: 1.0)
    for _ in range(10):
        backoff.after(0)
    assert backoff.after(0) == 60
    assert backoff.after(31) == 0.5


def test_retries_of_a_fleet_spread_out() -> None:
    waits = {Backoff(TIMINGS, lambda draw=n / 10: draw).after(0) for n in range(10)}  # type: ignore[misc]
    assert len(waits) == 10


def test_who_is_refused_comes_back_slowly() -> None:
    assert 225 <= Backoff(TIMINGS, lambda: 0.0).after(0, refused=True) <= 375


def test_a_silent_line_is_asked_before_the_gateway_hangs_up() -> None:
    quiet = heart()
    now = 0.0
    while quiet.look(now, busy=False) is Health.FINE:
        now += 1
    assert now == TIMINGS.ping
    assert now < 600


def test_a_question_without_an_answer_is_followed_by_a_ping_and_then_the_line_is_dead() -> None:
    slow = heart()
    slow.asked(0, ping=False)
    assert [slow.look(now, busy=True) for now in (2, 4, 6, 8)] == [Health.FINE] * 4
    assert slow.look(10, busy=True) is Health.PING
    slow.asked(10, ping=True)
    assert [slow.look(now, busy=True) for now in (12, 14, 16, 18)] == [Health.FINE] * 4
    assert slow.look(20, busy=True) is Health.DEAD


def test_anything_heard_is_an_answer() -> None:
    alive = heart()
    alive.asked(3, ping=True)
    for now in range(5):
        alive.look(now, busy=False)
    alive.heard(5)
    assert [alive.look(5 + n, busy=False) for n in range(1, 20)] == [Health.FINE] * 19


def test_a_line_is_made_anew_before_two_hours_but_not_in_the_middle_of_a_ring() -> None:
    assert beats(heart(), 7200) == (6600, Health.PLANNED)
    assert beats(heart(draw=1.0), 7200) == (6270, Health.PLANNED)
    assert beats(heart(), 7200, busy=True) == (7140, Health.PLANNED)


def test_after_a_sleep_nothing_that_lay_in_the_line_is_believed() -> None:
    for look_first in (True, False):
        slept = heart()
        slept.look(1, busy=False)
        if look_first:
            assert slept.look(30, busy=False) is Health.ASLEEP
        assert slept.heard(30) is Health.ASLEEP
        assert slept.look(30.1, busy=False) is Health.ASLEEP
