"""The last picture of each camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household.model import LastPicture
from tests.fakes import NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts

MONTH = 30 * 86_400


def test_only_a_later_picture_takes_the_place_of_another(ports: HouseholdPorts) -> None:
    """The bus tells in any order, and now and then twice."""
    old = LastPicture("home", "yard", "pictures/old", NOON)
    new = LastPicture("home", "yard", "pictures/new", NOON + 0.001)
    for picture in (old, new, old, new):
        ports.last_pictures.came(picture, NOON + MONTH)
    gate = LastPicture("home", "gate", "pictures/gate", NOON - 9)
    ports.last_pictures.came(gate, NOON + MONTH)
    ports.last_pictures.came(gate._replace(home="away"), NOON + MONTH)
    assert ports.last_pictures.of_home("home") == {"yard": new, "gate": gate}
    assert ports.last_pictures.of_home("nowhere") == {}
