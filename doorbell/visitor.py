"""A visitor who rings through: bell, photo and reason; each job here may be repeated."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell import rings
from doorbell.answer import apply_answer
from doorbell.errors import Conflict, NotResumed
from doorbell.events import RingDecided
from doorbell.notices import missed_notice, visitor_notice
from doorbell.protocol import NotOpened, Reason, RingThrough
from doorbell.sending import send, send_to_both, send_to_phones

if TYPE_CHECKING:
    from doorbell.model import Connection
    from doorbell.services import Services

ANSWERED_ALREADY: Final = "already"
"""What the state machine hears when it asks for an answer that was given and carried out."""


def ring_through(
    services: Services, home: str, ring_id: str, reason: Reason, token: str | None = None
) -> None:
    """The bell rings, the phones see who stands there and may answer.

    `token` is where the state machine waits; without one (it failed, or the door hung up) an
    answer opens by itself.
    """
    found = services.rings.find(home, ring_id)
    if found is None:
        return
    until = services.clock() + services.settings.answer_within
    try:
        asked = services.rings.ask(found, reason, until, token)
    except Conflict:
        # Answered, and carried out, before the state machine came to ask: it need not wait.
        if token:
            with suppress(NotResumed):
                services.waits.resume(token, {"answer": ANSWERED_ALREADY, "by": ""})
        return
    visitor = visitor_notice(services, asked)
    send_to_both(services, home, found.door, RingThrough(found.id, reason), visitor)
    services.bus.publish(RingDecided(home, found.door, found.id, reason))


def recover(services: Services, home: str, ring_id: str) -> None:
    """The state machine failed: do from outside it what it should have done.

    It rings, so that an answer still opens. If somebody has answered, that is carried out; but a
    door does not open for an answer of long ago.
    """
    found = rings.find(services, home, ring_id)
    if found is None:
        return
    now = services.clock()
    long_ago = (
        now - found.pressed_at > services.settings.late_after + services.settings.answer_within
    )
    if found.answer is None and long_ago:
        missed(services, home, found.id, found.reason or "late")
    elif found.answer is None:
        ring_through(services, home, found.id, "unavailable")
    elif now <= found.answer_until:
        apply_answer(services, home, found.id, found.answer, found.answered_by or "")
    elif found.answer == "let_in":
        send_to_phones(services, home, NotOpened(found.id))


def door_hung_up(services: Services, home: str, door: str) -> None:
    """The door's last socket closed: if its photo is still awaited, the phones are told now."""
    if services.connections.of(home, "door", door):
        return
    state = services.rings.door_state(home, door)
    found = services.rings.find(home, state.ring) if state.ring else None
    now = services.clock()
    if found is None or found.claimed_by or found.answer or found.waits(now):
        return
    if now - found.pressed_at <= services.settings.late_after:
        ring_through(services, home, found.id, "no_photo")


def late_photo(services: Services, home: str, ring_id: str) -> None:
    """A photo came for a ring that is decided: shown, if the phones have not seen one yet."""
    found = services.rings.find(home, ring_id)
    if found is None or found.reason != "no_photo" or found.answer:
        return  # S3 delivers an event twice now and then
    if found.waits(services.clock()):
        # The same question goes on, now with a photo.
        with suppress(Conflict):
            asked = services.rings.ask(found, "late", found.answer_until, found.token)
            send_to_phones(services, home, visitor_notice(services, asked))
    else:
        missed(services, home, ring_id, "late")


def missed(services: Services, home: str, ring_id: str, reason: Reason) -> None:
    """Tell the phones that somebody was there; nobody can be let in any more."""
    found = services.rings.find(home, ring_id)
    if found:
        send_to_phones(services, home, missed_notice(services, found, reason))


def resend_visitors(services: Services, phone: Connection) -> None:
    """Tell a phone that has just connected which visitors it can still answer."""
    for waiting in services.rings.waiting(phone.home, services.clock()):
        send(services, [phone], visitor_notice(services, waiting))
