"""`ping`: protocol pings do not pass API Gateway reliably, so there is one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.protocol import Ping, Pong
from doorbell.sending import send

if TYPE_CHECKING:
    from doorbell.services import Services
    from websocket.caller import Caller


def handle(services: Services, caller: Caller, _request: Ping) -> None:
    """The caller gets a `pong` with our clock."""
    send(services, [caller.connection], Pong(services.clock()))
