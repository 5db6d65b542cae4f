"""`hello`: what is pending for this device comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening, resident, visitor
from doorbell.protocol import HelloAnswer
from doorbell.sending import send

if TYPE_CHECKING:
    from doorbell.protocol import Hello
    from doorbell.services import Services
    from websocket.caller import Caller


def handle(services: Services, caller: Caller, _request: Hello) -> None:
    """Our clock and the device's role first. Then to a door: orders to open that are still valid
    and bells of rings that wait; to a phone: visitors that wait, live codes.
    """
    answer = HelloAnswer(caller.device.role, services.clock())
    send(services, [caller.connection], answer)
    if caller.device.role == "door":
        opening.resend_opens(services, caller.connection)
        visitor.resend_bells(services, caller.connection)
    else:
        visitor.resend_visitors(services, caller.connection)
        resident.resend_codes(services, caller.connection)
