"""`ring`: record it, put it on the bus, return. Nothing else stands between finger and bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.rings import record_press

if TYPE_CHECKING:
    from doorbell.protocol import Ring
    from doorbell.services import Services
    from websocket.caller import Caller


def handle(services: Services, caller: Caller, request: Ring) -> str:
    """The ticket, the phones and the watch all follow from `RingPressed`. Gives the ring."""
    pressed = record_press(services, caller.device, request)
    services.bus.publish(pressed)
    return pressed.ring
