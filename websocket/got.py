"""`got`: a phone says that a ring's code has arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import resident
from doorbell.model import Key, Ring

if TYPE_CHECKING:
    from doorbell.protocol import Got
    from doorbell.services import Services
    from websocket.caller import Badge, Caller


def keys(_badge: Badge, request: Got) -> tuple[Key, ...]:
    """The ring it is about."""
    return (Key(Ring, request.ring),)


def handle(services: Services, caller: Caller, request: Got, found: Ring | None) -> str:
    """The bell need not ring: somebody can read the code."""
    resident.code_arrived(services, caller.connection, found)
    return request.ring
