"""A visitor who rings through: bell, photo and reason; each job here may be repeated."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell import ring
from doorbell.answer import carry_out
from doorbell.errors import Conflict, NotResumed
from doorbell.events import RingDecided
from doorbell.messages import NotOpened, Reason, RingThrough
from doorbell.notices import missed_notice, visitor_notice
from doorbell.telling import tell, tell_both, tell_phones

if TYPE_CHECKING:
    from doorbell.house import House
    from doorbell.ports import Connection

ANSWERED_ALREADY: Final = "already"
"""What the state machine hears when it asks for an answer that was given and carried out."""


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
    visitor = visitor_notice(house, asked)
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
    now = house.clock()
    if found is None or found.claimed_by or found.answer or found.waits(now):
        return
    if now - found.pressed_at <= house.settings.late_after:
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
            tell_phones(house, home, visitor_notice(house, asked))
    else:
        missed(house, home, ring_id, "late")


def missed(house: House, home: str, ring_id: str, reason: Reason) -> None:
    """Tell the phones that somebody was there; nobody can be let in any more."""
    found = house.rings.find(home, ring_id)
    if found:
        tell_phones(house, home, missed_notice(house, found, reason))


def remind(house: House, phone: Connection) -> None:
    """Tell a phone that has just connected which visitors it can still answer."""
    for waiting in house.rings.waiting(phone.home, house.clock()):
        tell(house, [phone], visitor_notice(house, waiting))
