"""When a connection is dead: no sockets are needed to know."""

from doorbell_client.link.heartbeat import Health, Heartbeat
from doorbell_client.link.line import LinkTimeouts

TIMEOUTS = LinkTimeouts()


def heartbeat(draw: float = 0.0) -> Heartbeat:
    return Heartbeat(TIMEOUTS, 0.0, lambda: draw)


def checked(heartbeat: Heartbeat, until: float, *, busy: bool = False) -> tuple[float, Health]:
    """Check every second until something is to be done."""
    now = 0.0
    while now < until:
        now += 1
        health = heartbeat.check(now, busy=busy)
        if health is Health.PING:
            heartbeat.heard(now)
        elif health is not Health.FINE:
            return now, health
    return now, Health.FINE


def test_a_silent_line_is_asked_before_the_gateway_hangs_up() -> None:
    quiet = heartbeat()
    now = 0.0
    while quiet.check(now, busy=False) is Health.FINE:
        now += 1
    assert now == TIMEOUTS.ping
    assert now < 600


def test_a_question_without_an_answer_is_followed_by_a_ping_and_then_the_line_is_dead() -> None:
    slow = heartbeat()
    slow.asked(0, ping=False)
    assert [slow.check(now, busy=False) for now in (2, 4, 6, 8)] == [Health.FINE] * 4
    assert slow.check(10, busy=False) is Health.PING
    slow.asked(10, ping=True)
    assert [slow.check(now, busy=False) for now in (12, 14, 16, 18)] == [Health.FINE] * 4
    assert slow.check(20, busy=False) is Health.DEAD


def test_anything_heard_is_an_answer() -> None:
    alive = heartbeat()
    alive.asked(3, ping=True)
    for now in range(5):
        alive.check(now, busy=False)
    alive.heard(5)
    assert [alive.check(5 + n, busy=False) for n in range(1, 20)] == [Health.FINE] * 19


def test_a_line_is_made_anew_before_two_hours_but_not_in_the_middle_of_a_ring() -> None:
    assert checked(heartbeat(), 7200) == (6600, Health.PLANNED)
    assert checked(heartbeat(draw=1.0), 7200) == (6270, Health.PLANNED)
    assert checked(heartbeat(), 7200, busy=True) == (7140, Health.PLANNED)


def test_after_a_sleep_no_waiting_frame_is_believed() -> None:
    for check_first in (True, False):
        slept = heartbeat()
        slept.check(1, busy=False)
        if check_first:
            assert slept.check(30, busy=False) is Health.ASLEEP
        assert slept.heard(30) is Health.ASLEEP
        assert slept.check(30.1, busy=False) is Health.ASLEEP


def test_while_somebody_is_at_the_door_a_silent_line_is_asked_soon_and_given_up_soon() -> None:
    busy = heartbeat()
    seen = [busy.check(now, busy=True) for now in range(1, 6)]
    assert seen == [*[Health.FINE] * 4, Health.PING]
    busy.asked(5, ping=True)
    seen = [busy.check(now, busy=True) for now in range(6, 11)]
    assert seen == [*[Health.FINE] * 4, Health.DEAD]


def test_a_line_that_is_silent_when_somebody_comes_is_asked_at_once() -> None:
    quiet = heartbeat()
    for now in range(1, 100):
        assert quiet.check(now, busy=False) is Health.FINE
    assert quiet.check(100, busy=True) is Health.PING


def test_a_ring_without_an_answer_does_not_put_the_ping_off() -> None:
    busy = heartbeat()
    busy.asked(1, ping=False)
    seen = [busy.check(now, busy=True) for now in range(1, 6)]
    assert seen[-1] is Health.PING
