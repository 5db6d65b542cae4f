"""A device opens a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.events import DeviceConnected
from doorbell.parallel import side_by_side

if TYPE_CHECKING:
    from doorbell.model import Connection
    from doorbell.services import Services

MAX_SOCKETS: Final = 10
"""So many sockets a device may have open: each one more delays everybody else's messages."""


def connect(services: Services, connection: Connection, token_hash: str) -> None:
    """Remember the socket; the device's oldest ones beyond MAX_SOCKETS are closed.

    Raises DeviceGone if the device was revoked meanwhile.
    """
    services.connections.add(connection, token_hash)
    home, role, device = connection.home, connection.role, connection.device
    known, _ = side_by_side(
        lambda: services.connections.of(home, role, device),
        lambda: services.inform(DeviceConnected(home, device, role)),
    )
    newest_first = sorted(known, key=lambda each: each.connected_at, reverse=True)
    for old in newest_first[MAX_SOCKETS:]:
        services.connections.remove(old)
        services.sockets.close(old.id)
