"""`ping`: protocol pings do not pass API Gateway reliably, so there is one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.messages import Ping, Pong
from doorbell.telling import tell

if TYPE_CHECKING:
    from doorbell.house import House
    from websocket.caller import Caller


def handle(house: House, caller: Caller, _request: Ping) -> None:
    """The caller gets a `pong`."""
    tell(house, [caller.connection], Pong())
