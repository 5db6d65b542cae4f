"""The state machine `offline` has waited: is the door still away?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.household import presence

if TYPE_CHECKING:
    from doorbell.household.services import Household


def handle(household: Household, _name: str, event: dict[str, Any]) -> None:
    """`event` has `home` and `device`."""
    presence.check_door(household, event["home"], event["device"])
