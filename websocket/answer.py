"""`answer`: a resident lets the visitor in, or declines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.answer import answer

if TYPE_CHECKING:
    from doorbell.house import House
    from doorbell.messages import Answer
    from websocket.caller import Caller


def handle(house: House, caller: Caller, request: Answer) -> None:
    """The state machine that waits goes on; the first answer counts."""
    answer(house, caller.device, request)
