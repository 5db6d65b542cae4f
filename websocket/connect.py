"""`$connect`: remember the socket; a door that comes with `&ring=1` has rung by that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.connecting import connect
from doorbell.protocol import Ring
from websocket import ring
from websocket.caller import caller_of

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> str | None:
    """Gives the ring, if it rang. Raises DeviceGone if the device has just been revoked."""
    caller = caller_of(event)
    connect(services, caller.connection, caller.device.token_hash)
    query = event.get("queryStringParameters") or {}
    if caller.device.role == "door" and query.get("ring") == "1":
        return ring.handle_at_connect(services, caller, Ring())
    return None
