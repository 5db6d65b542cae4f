"""Some minutes have passed: all doors are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell.household.doors import DoorsNotSeen, look_at_doors
from functions.household.measure import metrics_of_doors
from functions.shared.metrics import write_metrics

if TYPE_CHECKING:
    from doorbell.household.services import Household

WITHIN: Final = 180.0
"""Seconds; the function may take a little more, and the next look comes after four minutes."""


def handle(household: Household, _name: str, _event: dict[str, Any]) -> None:
    """Raises DoorsNotSeen, after it was said what was seen."""
    looked = look_at_doors(household, WITHIN)
    write_metrics(household.stack, household.clock(), metrics_of_doors(looked))
    if looked.failed:
        raise DoorsNotSeen(f"{looked.failed} of {looked.doors}")
