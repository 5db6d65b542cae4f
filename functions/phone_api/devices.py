"""`/api/devices/{device}`: renamed, made manager, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household import devices
from doorbell.household.problems import Problem
from functions.phone_api import answers
from functions.phone_api.bodies import DeviceChange
from functions.phone_api.managers import check_manager
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def change(household: Household, request: Request, device: str) -> Answer:
    """Another name, or who manages."""
    asked = request.read(DeviceChange)
    if asked.name is None and asked.manager is None:
        raise Problem("bad_field", "Say what to change: `name` or `manager`.")
    shown = devices.change(household, request.home, device, asked.name, asked.manager)
    return Answer(200, answers.device(shown))


def revoke(household: Household, request: Request, device: str) -> Answer:
    """A manager may revoke any device; every phone may revoke itself."""
    if device != request.phone.id:
        check_manager(household, request.phone)
    devices.revoke(household, request.home, device)
    return Answer(204)
