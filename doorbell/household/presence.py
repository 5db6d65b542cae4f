"""When devices were last seen, and doors that are away for too long."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.errors import Conflict
from doorbell.events import DoorOffline, DoorOnline

if TYPE_CHECKING:
    from doorbell.household.services import Household


def device_connected(household: Household, home: str, device: str) -> None:
    """It is here; if the phones were told that it is away, they hear that it is back."""
    before = household.presences.find(home, device)
    if before and before.told_offline:
        # Published before it is written down: a job that fails in between is repeated.
        household.bus.publish(DoorOnline(home, device, before.seen_at))
    household.presences.seen(home, device, household.clock())


def device_disconnected(household: Household, home: str, device: str) -> None:
    """One of its sockets closed; whether it has others shows when somebody looks.

    The last socket of a door may close long after the phones were told that it is away: it still
    is, and they shall hear when it is back.
    """
    known = household.presences.find(home, device)
    if known is None or not known.told_offline:
        household.presences.seen(home, device, household.clock())


def check_door(household: Household, home: str, door: str) -> None:
    """Some minutes after a socket of a door closed: if it has had none since, the phones hear it.

    A door that came and went meanwhile has a check of its own to come.
    """
    presence = household.presences.find(home, door)
    if presence is None or presence.told_offline or household.devices.find(home, door) is None:
        return
    # A little less than it waited: the wait begins after the door was seen.
    away_for = household.clock() - presence.seen_at
    if household.connections.of(home, "door", door) or away_for < household.offline_after * 0.9:
        return
    household.bus.publish(DoorOffline(home, door, presence.seen_at))
    with suppress(Conflict):
        household.presences.told_offline(presence)
