"""`enter_code`: six digits were typed at the keypad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import keypad

if TYPE_CHECKING:
    from doorbell.model import AttemptLog, Key
    from doorbell.protocol import EnterCode
    from doorbell.services import Services
    from websocket.caller import Badge, Caller


def keys(badge: Badge, _request: EnterCode) -> tuple[Key, ...]:
    """The tries at this door, and in this home."""
    return keypad.keys_of(badge.id)


def handle(
    services: Services,
    caller: Caller,
    request: EnterCode,
    at_door: AttemptLog,
    in_home: AttemptLog,
) -> str | None:
    """`open` or `refused` goes to the door."""
    tried = keypad.Tried(at_door, in_home)
    return keypad.enter_code(services, caller.device, request.code, tried, caller.connection)
