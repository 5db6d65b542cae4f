"""What lets somebody in, or keeps somebody out, needs a phone that manages the home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household.problems import Problem

if TYPE_CHECKING:
    from doorbell.household.services import Household
    from doorbell.model import Device


def check_manager(household: Household, phone: Device) -> None:
    """Raises Problem `not_manager`."""
    if not household.settings.phone(phone.home, phone.id).manager:
        raise Problem("not_manager", "Only a phone that manages the home may do this.")
