"""Events as API Gateway sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from websocket.caller import to_context

if TYPE_CHECKING:
    from doorbell.model import Connection, Device
    from doorbell.protocol import Message
    from tests.fakes import FakeServices


def event(
    device: Device, connection: Connection, kind: str = "MESSAGE", **more: Any
) -> dict[str, Any]:
    """A connection's event; the authorizer's context comes back with it."""
    context = {
        "eventType": kind,
        "connectionId": connection.id,
        "connectedAt": round(connection.connected_at * 1000),
        "authorizer": {"principalId": f"{device.home}.{device.id}", **to_context(device)},
    }
    return {"requestContext": context, "isBase64Encoded": False, **more}


def trace_of(made: FakeServices, home: str) -> list[object]:
    """All that is kept of one home, and all that its sockets were told."""
    told: list[tuple[str, list[Message]]] = [
        (connection.id, made.heard(connection))
        for connection in made.connections.open.values()
        if connection.home == home
    ]
    kept = (
        made.rings.kept,
        made.rings.states,
        made.passcodes.kept,
        made.passcodes.logs,
        made.opens.kept,
    )
    return [*({k: v for k, v in part.items() if k[0] == home} for part in kept), told]
