"""`opened`: the door says that its strike was energised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening
from doorbell.model import Key, OpenOrder
from doorbell.protocol import Acknowledged
from doorbell.sending import send

if TYPE_CHECKING:
    from doorbell.protocol import Opened
    from doorbell.services import Services
    from websocket.caller import Badge, Caller


def keys(badge: Badge, request: Opened) -> tuple[Key, ...]:
    """The order that made it open."""
    return (Key(OpenOrder, request.open, badge.id),)


def handle(
    services: Services, caller: Caller, request: Opened, found: OpenOrder | None
) -> str | None:
    """Now the phones hear that the door is open, and the door that we know it."""
    ring = opening.acknowledge(services, caller.device, found)
    send(services, [caller.connection], Acknowledged(request.open))
    return ring
