"""The keypad: somebody typed six digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening
from doorbell.code import Verdict, check
from doorbell.errors import Conflict, MessageError
from doorbell.ring import ATTEMPTS, HOUR
from doorbell.telling import tell_door

if TYPE_CHECKING:
    from doorbell.access import Device
    from doorbell.house import House


def enter_code(house: House, door: Device, typed: str) -> None:
    """Open the door for a live code of this door; else say why not.

    A verdict counts only once it is written, and it is written only if no other try came in
    between. So of two that race with the same code one wins, and guessing in parallel gains
    nothing. Raises MessageError `try_again` if the door is typed at from everywhere at once.
    """
    for _ in range(ATTEMPTS):
        now = house.clock()
        verdict = _judge(house, door, typed, now)
        used = verdict.accepted and verdict.accepted._replace(used_at=now)
        try:
            house.codes.settle(door.home, door.id, verdict.keypad, used)
        except Conflict:
            continue
        return _tell(house, door, verdict)
    raise MessageError("try_again", "Too many codes were typed at once.")


def _judge(house: House, door: Device, typed: str, now: float) -> Verdict:
    issued = house.codes.issued(door.home, now - HOUR)
    here = [code for code in issued if code.door == door.id]
    keypad = house.codes.keypad(door.home, door.id)
    return check(typed, here, keypad, house.code_key(), house.settings, now)


def _tell(house: House, door: Device, verdict: Verdict) -> None:
    accepted = verdict.accepted
    if accepted:
        opening.order(house, door.home, door.id, accepted.ring, "code", since=accepted.issued_at)
    elif verdict.refused:
        tell_door(house, door.home, door.id, verdict.refused)
