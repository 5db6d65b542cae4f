"""Telling: everybody who is there hears it, whoever else is gone, not there yet, or broken."""

from __future__ import annotations

import pytest

from doorbell.messages import Pong, Pressed
from doorbell.telling import PATIENCE, YOUNG, tell, tell_both, tell_door, tell_phones
from tests.fakes import ADA, BACK_DOOR, DOOR, FOREIGN_DOOR, FOREIGN_PHONE, KITCHEN, make_house

SAID = Pressed("r", "Front")


def test_a_message_goes_to_every_socket_of_the_door_and_to_no_other() -> None:
    made = make_house()
    mine = [made.connect(DOOR), made.connect(DOOR)]
    others = [made.connect(d) for d in (BACK_DOOR, FOREIGN_DOOR, KITCHEN)]
    assert tell_door(made.house, "home", "front", SAID) == 2
    assert all(made.heard(c) == [SAID] for c in mine)
    assert not any(made.heard(c) for c in others)


def test_phones_are_those_of_the_home() -> None:
    made = make_house()
    mine = [made.connect(KITCHEN), made.connect(ADA)]
    others = [made.connect(d) for d in (FOREIGN_PHONE, DOOR)]
    assert tell_phones(made.house, "home", SAID) == 2
    assert all(made.heard(c) == [SAID] for c in mine)
    assert not any(made.heard(c) for c in others)


def test_nobody_there_is_no_error() -> None:
    assert tell_phones(make_house().house, "home", SAID) == 0


def test_an_old_connection_that_is_gone_is_forgotten_at_once_and_the_others_hear() -> None:
    made = make_house()
    gone, there = made.connect(DOOR, age=YOUNG + 0.1), made.connect(DOOR)
    made.sockets.gone.add(gone.id)
    assert tell_door(made.house, "home", "front", SAID) == 1
    assert made.connections.of("home", "door") == [there]
    assert made.clock.slept == 0


def test_a_connection_that_is_not_there_yet_is_waited_for_after_the_others_heard() -> None:
    made = make_house()
    young, old = made.connect(DOOR, age=0), made.connect(DOOR)
    made.sockets.there_at[young.id] = made.clock() + 1.0
    assert tell_door(made.house, "home", "front", SAID) == 2
    assert made.heard(young) == made.heard(old) == [SAID]
    assert 1.0 <= made.clock.slept < 1.3


def test_patience_ends_after_three_seconds_and_the_row_stays() -> None:
    """It may still be connecting; only one older than ten seconds is forgotten."""
    made = make_house()
    young = made.connect(DOOR, age=0)
    made.sockets.gone.add(young.id)
    assert tell_door(made.house, "home", "front", SAID) == 0
    assert PATIENCE - 0.01 < made.clock.slept < PATIENCE + 0.3
    assert made.connections.of("home", "door") == [young]


def test_a_connection_that_grows_old_while_it_is_waited_for_is_forgotten() -> None:
    made = make_house()
    ageing = made.connect(DOOR, age=YOUNG - 1)
    made.sockets.gone.add(ageing.id)
    assert tell_door(made.house, "home", "front", SAID) == 0
    assert made.connections.of("home", "door") == []
    assert made.clock.slept < PATIENCE


@pytest.mark.parametrize(("age", "waits"), [(YOUNG, True), (YOUNG + 0.01, False)])
def test_ten_seconds_are_young(age: float, waits: bool) -> None:
    made = make_house()
    connection = made.connect(DOOR, age=age)
    made.sockets.gone.add(connection.id)
    tell(made.house, [connection], Pong())
    assert (made.clock.slept > 0) is waits


def test_trouble_with_one_socket_keeps_the_message_from_no_other() -> None:
    """A throttled or unreachable connection must not silence the bell."""
    made = make_house()
    broken, there = made.connect(DOOR), made.connect(DOOR)
    made.sockets.broken[broken.id] = RuntimeError("throttled")
    assert tell_door(made.house, "home", "front", SAID) == 1
    assert made.heard(there) == [SAID]
    assert broken in made.connections.of("home", "door")


def test_trouble_is_raised_if_the_message_reached_nobody() -> None:
    made = make_house()
    broken, gone = made.connect(DOOR), made.connect(DOOR)
    made.sockets.broken[broken.id] = RuntimeError("throttled")
    made.sockets.gone.add(gone.id)
    with pytest.raises(RuntimeError, match="throttled"):
        tell_door(made.house, "home", "front", SAID)
    assert made.connections.of("home", "door") == [broken]


def test_phones_do_not_wait_for_a_door_that_is_not_there_yet() -> None:
    """Every message is tried once before anybody is waited for."""
    made = make_house()
    door, phone = made.connect(DOOR, age=0), made.connect(KITCHEN)
    heard_at: list[float] = []
    made.sockets.there_at[door.id] = made.clock() + 2.0
    began = made.clock()
    post = made.sockets.post

    def watched(connection: str, frame: str) -> None:
        post(connection, frame)
        if connection == phone.id:
            heard_at.append(made.clock() - began)

    made.sockets.post = watched  # type: ignore[method-assign]
    tell_both(made.house, "home", "front", Pong(), SAID)
    assert heard_at == [0.0]
    assert made.heard(door) == [Pong()]
