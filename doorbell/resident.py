"""A resident's ring: a code for the phone, a welcome at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell import passcode as codes
from doorbell.errors import Conflict
from doorbell.events import RingDecided
from doorbell.model import IssuedCode
from doorbell.protocol import Code, Reason, Welcome
from doorbell.sending import send, send_to_door

if TYPE_CHECKING:
    from doorbell.model import Connection, Ring
    from doorbell.services import Services

WORTH_SENDING: Final = 10
"""A code with fewer seconds to live than this is not sent again."""


class Issued(NamedTuple):
    """How many phones got the code; 0 where the bell shall ring, and why."""

    reached: int
    reason: Reason | None = None


def issue_code(services: Services, home: str, ring_id: str, face: str) -> Issued:
    """Draw a code, store its hash, send it to the resident's phones, and welcome at the door.

    All in one place: the code stands in no event and in no state of a state machine.
    """
    found = services.rings.find(home, ring_id)
    resident = services.residents.of_face(home, face)
    if found is None or resident is None:
        return Issued(0, "stranger")
    now = services.clock()
    life = services.settings.code_life
    code = codes.draw(services.randbelow)
    issued = IssuedCode(
        home, found.door, found.id, resident, now, now + life, (_digest(services, found, code),)
    )
    services.codes.issue(issued)
    phones = _phones_of(services, home, resident)
    reached = send(services, phones, Code(found.id, code, life, found.door_name, resident))
    if not reached:
        services.codes.withdraw(issued)
        return Issued(0, "no_phone")
    _welcome(services, found, resident, code)
    if _pressed_again(services, found, now):
        return Issued(0, "no_phone")
    services.bus.publish(RingDecided(home, found.door, found.id, "resident"))
    return Issued(reached)


def _pressed_again(services: Services, found: Ring, now: float) -> bool:
    """Whether an earlier ring of this door still has an unused code.

    Somebody who presses again does not see that code: the phone is dead, or in another room. A
    second press always rings; the new code opens all the same.
    """
    live = _live_codes(services, found.home, now)
    return any(code.door == found.door and code.ring != found.id for code in live)


def _live_codes(services: Services, home: str, now: float) -> list[IssuedCode]:
    issued = services.codes.issued(home, now - services.settings.code_life)
    return [code for code in codes.single_use(issued) if code.is_live(now)]


def _welcome(services: Services, found: Ring, resident: str, code: str) -> None:
    name = resident if services.settings.show_name_at_door else None
    send_to_door(services, found.home, found.door, Welcome(found.id, name))
    if services.settings.show_code_at_door:
        shown = Code(found.id, code, services.settings.code_life)
        send_to_door(services, found.home, found.door, shown)


def _digest(services: Services, found: Ring, code: str) -> str:
    return codes.digest(code, services.code_key(), found.home, found.door, found.id)


def _phones_of(services: Services, home: str, resident: str) -> list[Connection]:
    return [phone for phone in services.connections.of(home, "phone") if _is_for(phone, resident)]


def _is_for(phone: Connection, resident: str) -> bool:
    """Whether this resident's codes go to this phone: to their own, and to the household's."""
    return phone.resident in (None, resident)


def resend_codes(services: Services, phone: Connection) -> None:
    """Send a phone that has just connected a code for each live ring of its resident."""
    for issued in _live_codes(services, phone.home, services.clock()):
        if _is_for(phone, issued.resident):
            _send_fresh_code(services, phone, issued)


def _send_fresh_code(services: Services, phone: Connection, issued: IssuedCode) -> None:
    """Only hashes are kept, so the same code cannot be sent again: this phone gets its own."""
    left = int(issued.expires_at - services.clock())
    found = services.rings.find(issued.home, issued.ring)
    if left < WORTH_SENDING or len(issued.hashes) >= codes.MAX_CODES_A_RING or found is None:
        return
    code = codes.draw(services.randbelow)
    try:
        services.codes.add_hash(issued, _digest(services, found, code), codes.MAX_CODES_A_RING)
    except Conflict:
        return  # used, or withdrawn, in this moment
    send(services, [phone], Code(found.id, code, left, found.door_name, issued.resident))
