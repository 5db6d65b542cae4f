"""Telling: everybody who is there hears it, whoever else is gone, not there yet, or broken."""

from __future__ import annotations

import threading

import pytest

from doorbell.protocol import Pong, Pressed
from doorbell.sending import (
    RETRY_SECONDS,
    SIDE_BY_SIDE,
    YOUNG_SECONDS,
    send,
    send_all,
    send_to_both,
    send_to_door,
    send_to_phones,
)
from tests.fakes import ADA, BACK_DOOR, DOOR, FOREIGN_DOOR, FOREIGN_PHONE, KITCHEN, make_services

SAID = Pressed("r", "Front")


def test_a_message_goes_to_every_socket_of_the_door_and_to_no_other() -> None:
    made = make_services()
    mine = [made.connect(DOOR), made.connect(DOOR)]
    others = [made.connect(d) for d in (BACK_DOOR, FOREIGN_DOOR, KITCHEN)]
    assert send_to_door(made.services, "home", "front", SAID) == 2
    assert all(made.heard(c) == [SAID] for c in mine)
    assert not any(made.heard(c) for c in others)


def test_phones_are_those_of_the_home() -> None:
    made = make_services()
    mine = [made.connect(KITCHEN), made.connect(ADA)]
    others = [made.connect(d) for d in (FOREIGN_PHONE, DOOR)]
    assert send_to_phones(made.services, "home", SAID) == 2
    assert all(made.heard(c) == [SAID] for c in mine)
    assert not any(made.heard(c) for c in others)


def test_nobody_there_is_no_error() -> None:
    assert send_to_phones(make_services().services, "home", SAID) == 0


def test_an_old_connection_that_is_gone_is_forgotten_at_once_and_the_others_hear() -> None:
    made = make_services()
    gone, there = made.connect(DOOR, age=YOUNG_SECONDS + 0.1), made.connect(DOOR)
    made.sockets.gone.add(gone.id)
    assert send_to_door(made.services, "home", "front", SAID) == 1
    assert made.connections.of("home", "door") == [there]
    assert made.clock.slept == 0


def test_a_connection_that_is_not_there_yet_is_waited_for_after_the_others_heard() -> None:
    made = make_services()
    young, old = made.connect(DOOR, age=0), made.connect(DOOR)
    made.sockets.there_at[young.id] = made.clock() + 1.0
    assert send_to_door(made.services, "home", "front", SAID) == 2
    assert made.heard(young) == made.heard(old) == [SAID]
    assert 1.0 <= made.clock.slept < 1.3


def test_patience_ends_after_three_seconds_and_the_row_stays() -> None:
    """It may still be connecting; only one older than ten seconds is forgotten."""
    made = make_services()
    young = made.connect(DOOR, age=0)
    made.sockets.gone.add(young.id)
    assert send_to_door(made.services, "home", "front", SAID) == 0
    assert RETRY_SECONDS - 0.01 < made.clock.slept < RETRY_SECONDS + 0.3
    assert made.connections.of("home", "door") == [young]


def test_a_connection_that_grows_old_while_it_is_waited_for_is_forgotten() -> None:
    made = make_services()
    ageing = made.connect(DOOR, age=YOUNG_SECONDS - 1)
    made.sockets.gone.add(ageing.id)
    assert send_to_door(made.services, "home", "front", SAID) == 0
    assert made.connections.of("home", "door") == []
    assert made.clock.slept < RETRY_SECONDS


@pytest.mark.parametrize(("age", "waits"), [(YOUNG_SECONDS, True), (YOUNG_SECONDS + 0.01, False)])
def test_ten_seconds_are_young(age: float, waits: bool) -> None:
    made = make_services()
    connection = made.connect(DOOR, age=age)
    made.sockets.gone.add(connection.id)
    send(made.services, [connection], Pong())
    assert (made.clock.slept > 0) is waits


def test_trouble_with_one_socket_keeps_the_message_from_no_other() -> None:
    """A throttled or unreachable connection must not silence the bell."""
    made = make_services()
    broken, there = made.connect(DOOR), made.connect(DOOR)
    made.sockets.broken[broken.id] = RuntimeError("throttled")
    assert send_to_door(made.services, "home", "front", SAID) == 1
    assert made.heard(there) == [SAID]
    assert broken in made.connections.of("home", "door")


def test_trouble_is_raised_if_the_message_reached_nobody() -> None:
    made = make_services()
    broken, gone = made.connect(DOOR), made.connect(DOOR)
    made.sockets.broken[broken.id] = RuntimeError("throttled")
    made.sockets.gone.add(gone.id)
    with pytest.raises(RuntimeError, match="throttled"):
        send_to_door(made.services, "home", "front", SAID)
    assert made.connections.of("home", "door") == [broken]


def test_phones_do_not_wait_for_a_door_that_is_not_there_yet() -> None:
    """Every message is tried once before anybody is waited for."""
    made = make_services()
    door, phone = made.connect(DOOR, age=0), made.connect(KITCHEN)
    heard_at: list[float] = []
    made.sockets.there_at[door.id] = made.clock() + 2.0
    began = made.clock()
    post = made.sockets.post

    def watched(connection: str, frame: str, within: float | None = None) -> None:
        post(connection, frame, within)
        if connection == phone.id:
            heard_at.append(made.clock() - began)

    made.sockets.post = watched  # type: ignore[method-assign]
    send_to_both(made.services, "home", "front", Pong(), SAID)
    assert heard_at == [0.0]
    assert made.heard(door) == [Pong()]


def test_a_socket_that_hangs_delays_no_other() -> None:
    """Posts go side by side."""
    made = make_services()
    phones = [made.connect(KITCHEN) for _ in range(SIDE_BY_SIDE)]
    meeting = threading.Barrier(SIDE_BY_SIDE, timeout=10)
    post = made.sockets.post

    def slow(connection: str, frame: str, within: float | None = None) -> None:
        meeting.wait()  # nobody goes on before all are on their way
        post(connection, frame, within)

    made.sockets.post = slow  # type: ignore[method-assign]
    assert send_to_phones(made.services, "home", SAID) == len(phones)


def test_what_goes_to_one_socket_goes_in_order() -> None:
    made = make_services()
    sockets = [made.connect(DOOR) for _ in range(5)]
    said = [Pressed(f"r{n}", "Front") for n in range(20)]
    send_all(made.services, [(sockets, each) for each in said])
    assert all(made.heard(each) == said for each in sockets)
