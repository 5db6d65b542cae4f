"""Guests' PINs among the codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.model import Passcode
from tests.fakes import NOON

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts


def a_pin(guest: str = "guest-1", **more: object) -> Passcode:
    """A guest's PIN at both doors."""
    doors = ("front", "front-2")
    bare = Passcode("home", guest, "guest", "Plumber", doors, NOON, NOON + 600, ("hash",), 3)
    return bare._replace(**more)  # type: ignore[arg-type]


def test_guests_are_listed_without_codes_of_rings_and_withdrawn(ports: HouseholdPorts) -> None:
    code = a_pin("ring-1", kind="ring", doors=("front",))
    for each in (a_pin(), a_pin("guest-2", whom="Nanny"), code):
        ports.pins.issue(each, [])
    assert sorted(ports.pins.guests("home")) == [a_pin(), a_pin("guest-2", whom="Nanny")]
    assert ports.pins.guests("away") == []
    for _ in range(2):
        ports.pins.withdraw(a_pin())
    assert [each.id for each in ports.pins.guests("home")] == ["guest-2"]
