"""`answer`: a resident lets the visitor in, or declines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.answer import answer

if TYPE_CHECKING:
    from doorbell.protocol import Answer
    from doorbell.services import Services
    from websocket.caller import Caller


def handle(services: Services, caller: Caller, request: Answer) -> str:
    """The state machine that waits goes on; the first answer counts."""
    answer(services, caller.device, request)
    return request.ring
