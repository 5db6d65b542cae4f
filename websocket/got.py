"""`got`: a phone says that a ring's code has arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import resident

if TYPE_CHECKING:
    from doorbell.protocol import Got
    from doorbell.services import Services
    from websocket.caller import Caller


def handle(services: Services, caller: Caller, request: Got) -> str:
    """The bell need not ring: somebody can read the code."""
    resident.code_arrived(services, caller.connection, request.ring)
    return request.ring
