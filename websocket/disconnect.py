"""`$disconnect`: forget the socket; if the door's photo is still awaited, the phones hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.events import DeviceDisconnected
from doorbell.visitor import door_hung_up
from websocket.caller import speaker_of

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """Best effort on API Gateway's side: a cut line may show only after ten idle minutes."""
    device, connection = speaker_of(event)
    services.connections.remove(connection)
    if device.role == "door":
        door_hung_up(services, device.home, device.id)
    # Last: whoever stands at the door comes first.
    services.inform(DeviceDisconnected(device.home, device.id, device.role))
