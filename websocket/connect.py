"""`$connect`: remember the socket; a door that comes with `&ring=1` has rung by that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.connecting import connect
from doorbell.protocol import Ring
from websocket import ring
from websocket.caller import speaker_of, still_allowed

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> str | None:
    """Gives the ring, if it rang. Raises DeviceGone if the device has just been revoked."""
    speaker = speaker_of(event)
    badge, connection = speaker
    if badge.role == "phone":
        # Whose it is; a door is nobody's, and has no time.
        connection = still_allowed(services, speaker)[0].connection
    connect(services, connection, badge.token_hash)
    query = event.get("queryStringParameters") or {}
    if badge.role == "door" and query.get("ring") == "1":
        return ring.handle_at_connect(services, speaker, Ring())
    return None
