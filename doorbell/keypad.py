"""The keypad: somebody typed six digits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from doorbell import opening
from doorbell.errors import Conflict, MessageError
from doorbell.model import ATTEMPTS, HOUR, WHOLE_HOME, AttemptLog, Key, OpenOrder, Passcode
from doorbell.passcode import Verdict, check
from doorbell.sending import send

if TYPE_CHECKING:
    from doorbell.model import Connection, Device
    from doorbell.services import Services

_log = logging.getLogger(__name__)


class Tried(NamedTuple):
    """The tries of the last hour: at this door, and at all doors of the home."""

    at_door: AttemptLog = AttemptLog()
    in_home: AttemptLog = AttemptLog()


def enter_code(
    services: Services, door: Device, typed: str, tried: Tried, asker: Connection
) -> str | None:
    """Open the door for a live code of this door; else say why not. Gives the ring it opened for.

    `tried` holds the tries until now, as just read; `asker` is the socket that the code came by,
    and gets the answer.

    A verdict counts only once it is written, and it is written only if no other try came in
    between. So of two that race with the same code one wins, and guessing in parallel gains
    nothing. Use and order are written in one step: no fault between them burns a code. Raises
    MessageError `try_again` if the door is typed at from everywhere at once.
    """
    for _ in range(ATTEMPTS):
        now = services.clock()
        verdict = check_attempt(services, door, typed, tried, now)
        if _sent_again(services, door, verdict, asker):
            return None
        used, order = _use(services, door, verdict.accepted, now)
        try:
            services.passcodes.settle(door.home, door.id, verdict.log, used, order, verdict.in_home)
        except Conflict:
            tried = Tried(*services.records.read(door.home, *keys_of(door.id)))
        else:
            return _answer(services, door, verdict, order, asker)
    raise MessageError("try_again", "Too many codes were typed at once.")


def keys_of(door: str) -> tuple[Key, ...]:
    """What `Tried` is read from."""
    return (Key(AttemptLog, door), Key(AttemptLog, WHOLE_HOME))


def check_attempt(
    services: Services, door: Device, typed: str, tried: Tried, now: float
) -> Verdict:
    """What this code comes to at this door now; nothing is written."""
    passcodes = services.passcodes.at_door(door.home, door.id, now - HOUR)
    key = services.code_key()
    return check(
        typed, passcodes, tried.at_door, key, services.settings, now, in_home=tried.in_home
    )


def _sent_again(services: Services, door: Device, verdict: Verdict, asker: Connection) -> bool:
    """A used code that is typed again while its order is still on its way: the order goes out
    once more. The door opens once for it.
    """
    if verdict.match is None or verdict.refused is None or verdict.refused.reason != "used":
        return False
    pending = services.opens.pending(door.home, door.id, services.clock())
    orders = [order for order in pending if order.passcode == verdict.match.id]
    for order in orders:
        opening.send_order(services, order, asker)
    return bool(orders)


def _use(
    services: Services, door: Device, accepted: Passcode | None, now: float
) -> tuple[Passcode | None, OpenOrder | None]:
    if accepted is None:
        return None, None
    used = accepted._replace(used_at=now, uses_left=accepted.uses_left - 1)
    return used, opening.order_by_passcode(services, door.id, used)


def _answer(
    services: Services,
    door: Device,
    verdict: Verdict,
    order: OpenOrder | None,
    asker: Connection,
) -> str | None:
    if order is None:
        if verdict.refused:
            send(services, [asker], verdict.refused)
        return None
    opening.send_order(services, order, asker)
    if order.ring:
        _end_question(services, door.home, order.ring)
    return order.ring


def _end_question(services: Services, home: str, ring: str) -> None:
    """The bell may have rung for this ring, too: nobody needs to answer it any more."""
    try:
        opening.end_question(services, home, ring)
    except Exception as error:
        # The order is out; what is left must not tell the door that its code failed.
        _log.warning("the question of a ring stays open: %s", type(error).__name__)
