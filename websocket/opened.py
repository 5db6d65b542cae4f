"""`opened`: the door says that its strike was energised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening

if TYPE_CHECKING:
    from doorbell.house import House
    from doorbell.messages import Opened
    from websocket.caller import Caller


def handle(house: House, caller: Caller, request: Opened) -> None:
    """Now the phones hear that the door is open."""
    opening.acknowledge(house, caller.device, request.open)
