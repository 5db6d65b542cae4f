"""All doors are looked at every few minutes: one that has gone quiet is found, whatever happened.

A cut line may be told by `$disconnect`, ten minutes late, or by nobody. API Gateway knows of each
socket whether it is open, and when something last went through it, so no heartbeat is written down.
"""

from __future__ import annotations

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import Conflict, DoorbellError
from doorbell.household.presence import check_door, device_connected

if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence

    from doorbell.household.model import Presence
    from doorbell.household.services import Household

_log = logging.getLogger(__name__)

HEARTBEAT: Final = 310.0
"""Seconds within which a door that is well says something: its ping comes after 290."""
AT_ONCE: Final = 8
"""Doors that are looked at side by side."""


class DoorsNotSeen(DoorbellError, TimeoutError):
    """Some doors could not be looked at: the job is repeated, and its failure alarms."""


class Looked(NamedTuple):
    """What was found."""

    doors: int
    offline: int
    """Of these, doors that the phones know to be away."""
    failed: int
    """Doors that could not be looked at, or that time did not suffice for."""


def look_at_doors(
    household: Household,
    within: float,
    shuffle: Callable[[MutableSequence[Presence]], None] = random.shuffle,
) -> Looked:
    """Look at each door of each home, for so many seconds.

    In an order that is drawn anew each time: if time is short, no home is always the last.
    """
    doors = household.presences.doors()
    shuffle(doors)
    until = household.clock() + within

    def look(door: Presence) -> bool | None:
        if household.clock() > until:
            return None
        try:
            return _is_away(household, door)
        except Exception as error:
            # One door must not hide the others.
            _log.warning("a door could not be looked at: %s", type(error).__name__)
            return None

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(look, doors))
    return Looked(len(doors), found.count(True), found.count(None))


def _is_away(household: Household, door: Presence) -> bool:
    """Whether the phones know by now that it is away. `door` may be a moment old."""
    heard = _last_heard(household, door)
    if heard is None:
        return check_door(household, door.home, door.device)
    if door.told_offline:
        # It is back, and the event that told of it was lost.
        device_connected(household, door.home, door.device, "door")
        return False
    silent = household.clock() - heard > HEARTBEAT
    if silent != door.silent:
        with suppress(Conflict):
            household.presences.heard(door, max(heard, door.seen_at), silent=silent)
    return False


def _last_heard(household: Household, door: Presence) -> float | None:
    """When something last went through an open socket of it; None if it has none.

    One that is closed, and of which nobody told, is forgotten.
    """
    times: list[float] = []
    for socket in household.connections.of(door.home, "door", door.device):
        active = household.activity.last_active(socket.id)
        if active is None:
            household.connections.remove(socket)
        else:
            times.append(active)
    return max(times, default=None)
