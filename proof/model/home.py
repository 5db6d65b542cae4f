"""The home's devices, as the table and API Gateway know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell.auth import digest
from doorbell.model import Device
from proof.model.door import Door
from websocket.caller import to_context

if TYPE_CHECKING:
    from doorbell import protocol
    from proof.model.world import Phone

HOME: Final = "home"


def device(name: str, role: protocol.Role) -> Device:
    """A device of the home, as the table knows it."""
    return Device(HOME, name, role, name, digest(f"secret of {name}"))


def frame_event(sender: Door | Phone, frame: str | None, kind: str = "MESSAGE") -> dict[str, Any]:
    """API Gateway's event of a socket."""
    role: protocol.Role = "door" if isinstance(sender, Door) else "phone"
    request = {
        "eventType": kind,
        "connectionId": sender.line,
        "connectedAt": 0,
        "authorizer": to_context(device(sender.id, role)),
    }
    return {"requestContext": request, "body": frame}
