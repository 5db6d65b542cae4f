"""`hello`: what is pending for this device comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening, resident, visitor

if TYPE_CHECKING:
    from doorbell.house import House
    from doorbell.messages import Hello
    from websocket.caller import Caller


def handle(house: House, caller: Caller, _request: Hello) -> None:
    """A door: orders to open that are still valid. A phone: visitors that wait, live codes."""
    if caller.device.role == "door":
        opening.remind(house, caller.connection)
    else:
        visitor.remind(house, caller.connection)
        resident.remind(house, caller.connection)
