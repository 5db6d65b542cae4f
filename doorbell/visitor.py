"""A visitor: what follows when the face is compared, or could not be.

The state machine `visitor` decides which of these runs; each is one job that may be repeated.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from doorbell import code as codes
from doorbell import opening, ring
from doorbell.errors import Conflict, MessageError, NotResumed
from doorbell.events import RingDecided, RingPressed
from doorbell.homes import guest_photo_key
from doorbell.messages import (
    Answer,
    Code,
    Declined,
    Message,
    Missed,
    NoAnswer,
    NotOpened,
    Pressed,
    Reason,
    RingThrough,
    Ticket,
    Visitor,
    Welcome,
)
from doorbell.telling import tell, tell_all, tell_both, tell_door, tell_phones

if TYPE_CHECKING:
    from doorbell.access import Device
    from doorbell.house import House
    from doorbell.ports import Connection
    from doorbell.ring import Ring

PHOTO_LINK_LIFE: Final = 3600
"""Seconds for which a phone may fetch the visitor's photo."""

ANSWERED_ALREADY: Final = "already"
"""What the state machine hears when it asks for an answer that was given and carried out."""

CLOCKS_APART: Final = 5.0
"""The state machine's wait starts a little before the table's, by a cold start at most."""

WORTH_SENDING: Final = 10
"""A code with fewer seconds to live than this is not sent again."""


class Issued(NamedTuple):
    """How many phones got the code; if none, why the bell rings instead."""

    reached: int
    reason: Reason | None = None


# --- a press -------------------------------------------------------------------


def answer_press(house: House, event: RingPressed) -> None:
    """What follows a press at once: the door gets its ticket, the phones hear of it (once)."""
    found = house.rings.find(event.home, event.ring)
    if found is None:
        return
    door = house.connections.of(found.home, "door", found.door)
    notes: list[tuple[list[Connection], Message]] = [(door, _ticket(house, found, event.press))]
    if event.kind in ("repeat", "limited"):  # at once, and again if this job is repeated
        notes.append((door, RingThrough(found.id, found.reason or "unavailable")))
    if not found.announced_at:
        notes.append((house.connections.of(found.home, "phone"), _announcement(found)))
    tell_all(house, notes)
    # Written down after it was told: a job that failed in between is repeated, and tells again.
    house.rings.announced(found, house.clock())


def _announcement(found: Ring) -> Message:
    if found.kind == "late":
        return Missed(found.id, found.door_name, "late")
    return Pressed(found.id, found.door_name)


def _ticket(house: House, found: Ring, press: str | None) -> Ticket:
    life = house.settings.ticket_life
    upload = house.photos.upload(guest_photo_key(found.home, found.id), life)
    return Ticket(found.id, upload, life, press)


# --- a resident ----------------------------------------------------------------


def issue_code(house: House, home: str, ring_id: str, face: str) -> Issued:
    """Draw a code, store its hash, send it to the resident's phones, and welcome at the door.

    All in one place: the code stands in no event and in no state of a state machine.
    """
    found = house.rings.find(home, ring_id)
    resident = house.residents.of_face(home, face)
    if found is None or resident is None:
        return Issued(0, "stranger")
    now = house.clock()
    life = house.settings.code_life
    code = codes.draw(house.randbelow)
    issued = codes.IssuedCode(
        home, found.door, found.id, resident, now, now + life, (_digest(house, found, code),)
    )
    house.codes.issue(issued)
    phones = _phones_of(house, home, resident)
    reached = tell(house, phones, Code(found.id, code, life, found.door_name, resident))
    if not reached:
        house.codes.withdraw(issued)
        return Issued(0, "no_phone")
    _welcome(house, found, resident, code)
    if _pressed_again(house, found, now):
        return Issued(0, "no_phone")
    house.bus.publish(RingDecided(home, found.door, found.id, "resident"))
    return Issued(reached)


def _pressed_again(house: House, found: Ring, now: float) -> bool:
    """Whether an earlier ring of this door still has an unused code.

    Somebody who presses again does not see that code: the phone is dead, or in another room. A
    second press always rings; the new code opens all the same.
    """
    issued = codes.single_use(house.codes.issued(found.home, now - house.settings.code_life))
    here = [code for code in issued if code.door == found.door and code.ring != found.id]
    return any(code.is_live(now) for code in here)


def _welcome(house: House, found: Ring, resident: str, code: str) -> None:
    name = resident if house.settings.show_name_at_door else None
    tell_door(house, found.home, found.door, Welcome(found.id, name))
    if house.settings.show_code_at_door:
        shown = Code(found.id, code, house.settings.code_life)
        tell_door(house, found.home, found.door, shown)


def _digest(house: House, found: Ring, code: str) -> str:
    return codes.digest(code, house.code_key(), found.home, found.door, found.id)


def _phones_of(house: House, home: str, resident: str) -> list[Connection]:
    phones = house.connections.of(home, "phone")
    return [phone for phone in phones if phone.resident in (None, resident)]


# --- anyone else ---------------------------------------------------------------


def ring_through(
    house: House, home: str, ring_id: str, reason: Reason, token: str | None = None
) -> None:
    """The bell rings, the phones see who stands there and may answer.

    `token` is where the state machine waits; without one (it failed, or the door hung up) an
    answer opens by itself.
    """
    found = house.rings.find(home, ring_id)
    if found is None:
        return
    until = house.clock() + house.settings.answer_within
    try:
        asked = house.rings.ask(found, reason, until, token)
    except Conflict:
        # Answered, and carried out, before the state machine came to ask: it need not wait.
        if token:
            with suppress(NotResumed):
                house.waits.resume(token, {"answer": ANSWERED_ALREADY, "by": ""})
        return
    visitor = _visitor(house, asked)
    tell_both(house, home, found.door, RingThrough(found.id, reason), visitor)
    house.bus.publish(RingDecided(home, found.door, found.id, reason))


def rescue(house: House, home: str, ring_id: str) -> None:
    """The state machine failed: do from outside it what it should have done.

    It rings, so that an answer still opens. If somebody has answered, that is carried out; but a
    door does not open for an answer of long ago.
    """
    found = ring.find(house, home, ring_id)
    if found is None:
        return
    now = house.clock()
    long_ago = now - found.pressed_at > house.settings.late_after + house.settings.answer_within
    if found.answer is None and long_ago:
        missed(house, home, found.id, found.reason or "late")
    elif found.answer is None:
        ring_through(house, home, found.id, "unavailable")
    elif now <= found.answer_until:
        carry_out(house, home, found.id, found.answer, found.answered_by or "")
    elif found.answer == "let_in":
        tell_phones(house, home, NotOpened(found.id))


def door_hung_up(house: House, home: str, door: str) -> None:
    """The door's last socket closed: if its photo is still awaited, the phones are told now."""
    if house.connections.of(home, "door", door):
        return
    state = house.rings.door_state(home, door)
    found = house.rings.find(home, state.ring) if state.ring else None
    if found is None or found.claimed_by or found.answer or found.waits(house.clock()):
        return
    if house.clock() - found.pressed_at <= house.settings.late_after:
        ring_through(house, home, found.id, "no_photo")


def late_photo(house: House, home: str, ring_id: str) -> None:
    """A photo came for a ring that is decided: shown, if the phones have not seen one yet."""
    found = house.rings.find(home, ring_id)
    if found is None or found.reason != "no_photo" or found.answer:
        return  # S3 delivers an event twice now and then
    if found.waits(house.clock()):
        # The same question goes on, now with a photo.
        with suppress(Conflict):
            asked = house.rings.ask(found, "late", found.answer_until, found.token)
            tell_phones(house, home, _visitor(house, asked))
    else:
        missed(house, home, ring_id, "late")


def missed(house: House, home: str, ring_id: str, reason: Reason) -> None:
    """Tell the phones that somebody was there; nobody can be let in any more."""
    found = house.rings.find(home, ring_id)
    if found:
        tell_phones(house, home, _missed(house, found, reason))


def _missed(house: House, found: Ring, reason: Reason) -> Missed:
    link = None if reason == "no_photo" else _photo_link(house, found)
    return Missed(found.id, found.door_name, reason, link)


def _visitor(house: House, asked: Ring) -> Visitor:
    reason = asked.reason or "unavailable"
    link = None if reason == "no_photo" else _photo_link(house, asked)
    within = max(0, round(asked.answer_until - house.clock()))
    return Visitor(asked.id, asked.door_name, reason, within, link)


def _photo_link(house: House, found: Ring) -> str:
    return house.photos.link(guest_photo_key(found.home, found.id), PHOTO_LINK_LIFE)


# --- the answer ----------------------------------------------------------------


def answer(house: House, phone: Device, given: Answer) -> None:
    """A resident answers. Raises MessageError: `not_allowed`, `not_waiting`, `too_late`,
    `already_answered`.
    """
    found = ring.find(house, phone.home, given.ring)
    if found is None:
        raise MessageError("not_allowed", "This home has no such ring.")
    now = house.clock()
    try:
        answered = house.rings.answer(phone.home, found.id, given.answer, phone.person, now)
    except Conflict:
        found = house.rings.find(phone.home, found.id) or found
        said = (found.answer, found.answered_by) == (given.answer, phone.person)
        if said and now <= found.answer_until:
            # Perhaps what follows failed the first time. Done twice, it opens once.
            _follow(house, found)
        raise _why_not(found) from None
    _follow(house, answered)


def _follow(house: House, answered: Ring) -> None:
    """Let the state machine go on; if it does not take the answer, carry it out without it.

    An answer that was given in time counts, and `no_answer` passes over a ring that has one.
    """
    if answered.token is None or not _resumed(house, answered, answered.token):
        by = answered.answered_by or ""
        carry_out(house, answered.home, answered.id, answered.answer or "", by)


def _resumed(house: House, answered: Ring, token: str) -> bool:
    output = {"answer": answered.answer or "", "by": answered.answered_by or ""}
    try:
        house.waits.resume(token, output)
    except NotResumed:
        return False
    return True


def _why_not(found: Ring) -> MessageError:
    if found.answer is not None:
        return MessageError("already_answered", "Somebody has answered this ring.")
    if found.answer_until:
        return MessageError("too_late", "This ring waits no longer.")
    return MessageError("not_waiting", "This ring does not wait for an answer.")


def carry_out(
    house: House, home: str, ring_id: str, given: Literal["let_in", "decline"] | str, by: str
) -> None:
    """Do what the resident answered."""
    found = house.rings.find(home, ring_id)
    if found is None:
        return
    if given == "let_in":
        opening.order(house, home, found.door, found.id, by, since=found.pressed_at)
        return
    tell_both(house, home, found.door, Declined(found.id), Declined(found.id, by))


def no_answer(house: House, home: str, ring_id: str) -> None:
    """Nobody answered in time: the door is told, and the phones that they missed somebody."""
    found = house.rings.find(home, ring_id)
    if found is None:
        return
    if found.answer_until > house.clock() + CLOCKS_APART:
        return  # asked anew meanwhile; that question has its own end
    try:
        house.rings.end(found)
    except Conflict:
        return
    told = _missed(house, found, found.reason or "unavailable")
    tell_both(house, home, found.door, NoAnswer(found.id), told)


# --- a device comes back ---------------------------------------------------------


def remind(house: House, connection: Connection) -> None:
    """Tell a phone that has just connected what it can still answer, and its live codes."""
    now = house.clock()
    for waiting in house.rings.waiting(connection.home, now):
        tell(house, [connection], _visitor(house, waiting))
    known = house.codes.issued(connection.home, now - house.settings.code_life)
    for issued in codes.single_use(known):
        if connection.resident in (None, issued.resident) and issued.is_live(now):
            _send_fresh_code(house, connection, issued)


def _send_fresh_code(house: House, phone: Connection, issued: codes.IssuedCode) -> None:
    """Only hashes are kept, so the same code cannot be sent again: this phone gets its own."""
    left = int(issued.expires_at - house.clock())
    found = house.rings.find(issued.home, issued.ring)
    if left < WORTH_SENDING or len(issued.hashes) >= codes.MAX_CODES_A_RING or found is None:
        return
    code = codes.draw(house.randbelow)
    try:
        house.codes.add_hash(issued, _digest(house, found, code), codes.MAX_CODES_A_RING)
    except Conflict:
        return  # used, or withdrawn, in this moment
    tell(house, [phone], Code(found.id, code, left, found.door_name, issued.resident))
