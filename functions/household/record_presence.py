"""A device came or went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.household import presence

if TYPE_CHECKING:
    from doorbell.household.services import Household


def handle(household: Household, name: str, detail: dict[str, Any]) -> None:
    """`detail` is that of DeviceConnected or DeviceDisconnected."""
    came = name == "DeviceConnected"
    record = presence.device_connected if came else presence.device_disconnected
    record(household, detail["home"], detail["device"], detail["role"])
