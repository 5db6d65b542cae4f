"""When devices were last seen, and that the phones hear of a door that is away, and is back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.errors import Conflict
from doorbell.events import DoorOffline, DoorOnline

if TYPE_CHECKING:
    from doorbell.household.services import Household
    from doorbell.model import Role


def device_connected(household: Household, home: str, device: str, role: Role) -> None:
    """It is here; if the phones were told that it is away, they hear that it is back."""
    before = household.presences.find(home, device)
    if before and before.told_offline:
        # Published before it is written down: a job that fails in between is repeated.
        household.bus.publish(DoorOnline(home, device, before.seen_at))
    household.presences.seen(home, device, household.clock(), door=role == "door")


def device_disconnected(household: Household, home: str, device: str, role: Role) -> None:
    """One of its sockets closed; whether it has others shows when somebody looks.

    The last socket of a door may close long after its line was cut: a door that had fallen silent
    before, or of which the phones were told, was not seen just now.
    """
    known = household.presences.find(home, device)
    if known is None or not (known.told_offline or known.silent):
        household.presences.seen(home, device, household.clock(), door=role == "door")


def check_door(household: Household, home: str, door: str) -> bool:
    """A door was found without an open socket: if it was last seen long ago, the phones hear it.

    Gives whether they know by now that it is away.
    """
    presence = household.presences.find(home, door)
    if presence is None or household.devices.find(home, door) is None:
        return False
    if presence.told_offline:
        return True
    away_for = household.clock() - presence.seen_at
    if away_for < household.offline_after or household.connections.of(home, "door", door):
        return False
    household.bus.publish(DoorOffline(home, door, presence.seen_at))
    with suppress(Conflict):
        household.presences.told_offline(presence)
    return True
