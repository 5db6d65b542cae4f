"""`hello`: what is pending for this device comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening, resident, visitor

if TYPE_CHECKING:
    from doorbell.protocol import Hello
    from doorbell.services import Services
    from websocket.caller import Caller


def handle(services: Services, caller: Caller, _request: Hello) -> None:
    """A door: orders to open that are still valid. A phone: visitors that wait, live codes."""
    if caller.device.role == "door":
        opening.resend_opens(services, caller.connection)
    else:
        visitor.resend_visitors(services, caller.connection)
        resident.resend_codes(services, caller.connection)
