"""What happened at a door goes into the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.household import history

if TYPE_CHECKING:
    from doorbell.household.services import Household


def handle(household: Household, name: str, detail: dict[str, Any]) -> None:
    """`detail` is that of RingPressed, RingDecided, RingEnded or DoorOpened."""
    home, ring = detail["home"], detail.get("ring", "")
    if name == "DoorOpened" and not ring:
        history.guest_came(household, home, detail["door"], detail["open"])
    elif name == "DoorOpened":
        history.ring_ended(household, home, ring, "opened", detail["by"])
    elif name == "RingEnded":
        history.ring_ended(household, home, ring, detail["outcome"], detail.get("by"))
    else:
        history.ring_happened(household, home, ring, detail.get("decision"))
