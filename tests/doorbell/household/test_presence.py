"""When a door is away for long the phones hear it, once; and that it is back, once."""

from __future__ import annotations

import pytest

from doorbell.events import DoorOffline, DoorOnline
from doorbell.household import presence
from tests.fakes import ADA, BACK_DOOR, DOOR, FOREIGN_DOOR, NOON
from tests.household_fakes import FakeHousehold, make_household

AWAY = 600
"""Seconds after which a door is told to be away."""


class BusIsDown(Exception):
    """What a bus that is down raises."""


def connects(made: FakeHousehold) -> str:
    """The front door connects, and the bus tells of it; its socket."""
    socket = made.made.connect(DOOR)
    presence.device_connected(made.household, "home", DOOR.id, "door")
    return socket.id


def hangs_up(made: FakeHousehold, socket: str) -> None:
    """A socket of it closes."""
    made.made.connections.remove(made.made.connections.open[socket])
    presence.device_disconnected(made.household, "home", DOOR.id, "door")


def check(made: FakeHousehold) -> None:
    """Somebody looks, and finds no open socket."""
    presence.check_door(made.household, "home", DOOR.id)


def away(made: FakeHousehold) -> None:
    """The door goes, and the phones are told."""
    hangs_up(made, connects(made))
    made.clock.now += AWAY
    check(made)


def test_a_door_that_stays_away_is_told_once_with_the_time_it_went() -> None:
    made = make_household()
    away(made)
    check(made)
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, NOON)]


def test_a_door_that_is_back_is_told_once_with_the_time_it_went() -> None:
    made = make_household()
    away(made)
    for _ in range(2):
        made.clock.now += 60
        connects(made)
    assert made.made.bus.events[1:] == [DoorOnline("home", DOOR.id, NOON)]


def test_a_door_that_comes_back_in_time_is_not_told() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += AWAY - 60
    connects(made)
    made.clock.now += 60
    check(made)
    assert made.made.bus.events == []


def test_a_door_that_came_and_went_meanwhile_is_away_since_then() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += 300
    hangs_up(made, connects(made))
    made.clock.now += 300
    check(made)
    assert made.made.bus.events == []
    made.clock.now += 300
    check(made)
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, NOON + 300)]


def test_a_door_with_a_second_socket_is_not_away() -> None:
    made = make_household()
    first, _ = connects(made), connects(made)
    hangs_up(made, first)
    made.clock.now += AWAY
    check(made)
    assert made.made.bus.events == []


def test_an_old_socket_that_closes_after_the_notice_makes_no_second_one() -> None:
    """API Gateway finds a cut line after ten minutes, and each socket by itself."""
    made = make_household()
    away(made)
    presence.device_disconnected(made.household, "home", DOOR.id, "door")
    made.clock.now += AWAY
    check(made)
    connects(made)
    assert made.made.bus.events == [
        DoorOffline("home", DOOR.id, NOON),
        DoorOnline("home", DOOR.id, NOON),
    ]


def test_what_the_bus_refused_is_told_when_the_job_is_repeated() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += AWAY
    made.made.bus.refuses = BusIsDown()
    with pytest.raises(BusIsDown):
        check(made)
    made.made.bus.refuses = None
    check(made)
    made.made.bus.refuses = BusIsDown()
    with pytest.raises(BusIsDown):
        presence.device_connected(made.household, "home", DOOR.id, "door")
    made.made.bus.refuses = None
    presence.device_connected(made.household, "home", DOOR.id, "door")
    assert [type(event) for event in made.made.bus.events] == [DoorOffline, DoorOnline]


def test_a_door_that_was_revoked_is_away_for_nobody_and_leaves_no_trace() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.devices.remove("home", DOOR.id)
    presence.device_disconnected(made.household, "home", DOOR.id, "door")
    made.clock.now += AWAY
    check(made)
    assert made.made.bus.events == []
    assert made.presences.of_home("home") == {}


def test_a_door_that_was_never_seen_is_not_told() -> None:
    made = make_household()
    check(made)
    assert made.made.bus.events == []


def test_each_device_of_each_home_is_seen_by_itself() -> None:
    """The same id in another home, and another door of this one."""
    made = make_household()
    away(made)
    presence.device_connected(made.household, "away", FOREIGN_DOOR.id, "door")
    presence.device_connected(made.household, "home", BACK_DOOR.id, "door")
    assert len(made.made.bus.events) == 1
    known = made.presences.find("home", DOOR.id)
    assert known
    assert known.told_offline


def test_a_phone_is_seen_when_it_comes_and_when_it_goes() -> None:
    made = make_household()
    presence.device_connected(made.household, "home", ADA.id, "phone")
    made.clock.now += 60
    presence.device_disconnected(made.household, "home", ADA.id, "phone")
    assert made.presences.of_home("home")[ADA.id].seen_at == NOON + 60


@pytest.mark.parametrize(("seconds", "told"), [(599, False), (600, True)])
def test_it_is_told_after_that_time_and_not_before(seconds: float, told: bool) -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.clock.now += seconds
    check(made)
    assert bool(made.made.bus.events) is told


def test_a_door_is_away_though_another_door_of_the_home_is_there() -> None:
    made = make_household()
    hangs_up(made, connects(made))
    made.made.connect(BACK_DOOR)
    made.clock.now += AWAY
    assert presence.check_door(made.household, "home", DOOR.id)
    assert made.made.bus.events == [DoorOffline("home", DOOR.id, NOON)]


def test_a_door_that_nobody_knows_or_that_was_there_just_now_is_not_away() -> None:
    made = make_household()
    assert not presence.check_door(made.household, "home", DOOR.id)
    hangs_up(made, connects(made))
    made.clock.now += AWAY - 1
    assert not presence.check_door(made.household, "home", DOOR.id)
    made.clock.now += 1
    connects(made)
    assert not presence.check_door(made.household, "home", DOOR.id)
