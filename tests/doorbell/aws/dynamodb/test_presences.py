"""When devices were seen, and that the phones were told of a door that is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.errors import Conflict
from doorbell.household.model import Presence
from tests.fakes import ADA, DOOR, FOREIGN_DOOR, NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts


def test_a_device_was_seen_last_when_it_last_came_or_went(ports: HouseholdPorts) -> None:
    for now in (NOON, NOON + 60.25):
        ports.presences.seen("home", DOOR.id, now)
    ports.presences.seen("home", ADA.id, NOON)
    assert ports.presences.of_home("home") == {
        DOOR.id: Presence("home", DOOR.id, NOON + 60.25),
        ADA.id: Presence("home", ADA.id, NOON),
    }
    assert ports.presences.of_home("away") == {}
    assert ports.presences.find("away", DOOR.id) is None


def test_that_a_door_is_away_is_written_down_unless_it_was_seen_since(
    ports: HouseholdPorts,
) -> None:
    before = Presence("home", DOOR.id, NOON)
    with pytest.raises(Conflict):
        ports.presences.told_offline(before)
    ports.presences.seen("home", DOOR.id, NOON)
    ports.presences.told_offline(before)
    assert ports.presences.find("home", DOOR.id) == before._replace(told_offline=True)
    ports.presences.seen("home", DOOR.id, NOON + 1)
    with pytest.raises(Conflict):
        ports.presences.told_offline(before)
    assert ports.presences.find("home", DOOR.id) == Presence("home", DOOR.id, NOON + 1)


def test_the_doors_of_all_homes_are_found_and_nothing_else(ports: HouseholdPorts) -> None:
    ports.presences.seen("home", DOOR.id, NOON, door=True)
    ports.presences.seen("home", ADA.id, NOON)
    ports.presences.seen("away", FOREIGN_DOOR.id, NOON + 1, door=True)
    ports.presences.told_offline(Presence("home", DOOR.id, NOON))
    found = sorted(ports.presences.doors(), key=lambda each: each.home)
    assert found == [
        Presence("away", FOREIGN_DOOR.id, NOON + 1),
        Presence("home", DOOR.id, NOON, told_offline=True),
    ]
    ports.devices.remove_member("home", DOOR.id)
    assert [each.home for each in ports.presences.doors()] == ["away"]


def test_what_a_silent_door_last_said_is_written_down_unless_it_was_seen_since(
    ports: HouseholdPorts,
) -> None:
    ports.presences.seen("home", DOOR.id, NOON, door=True)
    (before,) = ports.presences.doors()
    ports.presences.heard(before, NOON + 290, silent=True)
    (silent,) = ports.presences.doors()
    assert silent == Presence("home", DOOR.id, NOON + 290, silent=True)
    with pytest.raises(Conflict):
        ports.presences.heard(before, NOON + 300, silent=True)
    ports.presences.seen("home", DOOR.id, NOON + 400, door=True)
    assert ports.presences.doors() == [Presence("home", DOOR.id, NOON + 400)]
