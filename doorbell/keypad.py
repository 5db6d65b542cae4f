"""The keypad: somebody typed six digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening
from doorbell.errors import Conflict, MessageError
from doorbell.model import ATTEMPTS, HOUR
from doorbell.passcode import Verdict, check
from doorbell.sending import send_to_door

if TYPE_CHECKING:
    from doorbell.model import Device
    from doorbell.services import Services


def enter_code(services: Services, door: Device, typed: str) -> None:
    """Open the door for a live code of this door; else say why not.

    A verdict counts only once it is written, and it is written only if no other try came in
    between. So of two that race with the same code one wins, and guessing in parallel gains
    nothing. Raises MessageError `try_again` if the door is typed at from everywhere at once.
    """
    for _ in range(ATTEMPTS):
        now = services.clock()
        verdict = check_attempt(services, door, typed, now)
        used = verdict.accepted and verdict.accepted._replace(used_at=now)
        try:
            services.codes.settle(door.home, door.id, verdict.keypad, used)
        except Conflict:
            continue
        return _send(services, door, verdict)
    raise MessageError("try_again", "Too many codes were typed at once.")


def check_attempt(services: Services, door: Device, typed: str, now: float) -> Verdict:
    issued = services.codes.issued(door.home, now - HOUR)
    here = [code for code in issued if code.door == door.id]
    keypad = services.codes.keypad(door.home, door.id)
    return check(typed, here, keypad, services.code_key(), services.settings, now)


def _send(services: Services, door: Device, verdict: Verdict) -> None:
    accepted = verdict.accepted
    if accepted:
        opening.order(services, door.home, door.id, accepted.ring, "code", since=accepted.issued_at)
    elif verdict.refused:
        send_to_door(services, door.home, door.id, verdict.refused)
