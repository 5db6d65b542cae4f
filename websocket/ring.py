"""`ring`: record it, put it on the bus, return. Nothing else stands between finger and bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.ring import press

if TYPE_CHECKING:
    from doorbell.house import House
    from doorbell.messages import Ring
    from websocket.caller import Caller


def handle(house: House, caller: Caller, request: Ring) -> None:
    """The ticket, the phones and the watch all follow from `RingPressed`."""
    house.bus.publish(press(house, caller.device, request))
