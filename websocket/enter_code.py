"""`enter_code`: six digits were typed at the keypad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import keypad
from doorbell.model import AttemptLog, Key

if TYPE_CHECKING:
    from doorbell.protocol import EnterCode
    from doorbell.services import Services
    from websocket.caller import Badge, Caller


def keys(badge: Badge, _request: EnterCode) -> tuple[Key, ...]:
    """The tries at this door."""
    return (Key(AttemptLog, badge.id),)


def handle(services: Services, caller: Caller, request: EnterCode, log: AttemptLog) -> str | None:
    """`open` or `refused` goes to the door."""
    return keypad.enter_code(services, caller.device, request.code, log, caller.connection)
