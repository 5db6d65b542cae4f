"""`enter_code`: six digits were typed at the keypad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import keypad

if TYPE_CHECKING:
    from doorbell.house import House
    from doorbell.messages import EnterCode
    from websocket.caller import Caller


def handle(house: House, caller: Caller, request: EnterCode) -> None:
    """`open` or `refused` goes to the door."""
    keypad.enter_code(house, caller.device, request.code)
