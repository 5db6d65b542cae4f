"""A visitor who rings through: bell, photo and reason; each job here may be repeated."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell import rings
from doorbell.answer import apply_answer
from doorbell.errors import Conflict
from doorbell.events import RingDecided, RingEnded
from doorbell.notices import bell_notice, missed_notice, visitor_notice
from doorbell.opening import CLOCKS_APART, end_wait, was_ordered
from doorbell.protocol import NoAnswer, NotOpened, Reason
from doorbell.sending import send, send_to_both, send_to_phones

if TYPE_CHECKING:
    from doorbell.model import Connection, Ring
    from doorbell.services import Services


DECIDES_WITHIN: Final = 4.0
"""Seconds in which an execution that lives has decided."""
LOOK_AGAIN: Final = 0.5


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
        asked = _ask(services, found, reason, until, token)
    except Conflict:
        # Answered, and carried out, before the state machine came to ask: it need not wait.
        if token:
            end_wait(services, token)
        return
    visitor = visitor_notice(services, asked)
    send_to_both(services, home, found.door, bell_notice(services, asked), visitor)
    services.inform(RingDecided(home, found.door, found.id, asked.reason or reason))


def no_answer(services: Services, home: str, ring_id: str) -> None:
    """Nobody answered in time: the door is told, and the phones that they missed somebody.

    If nobody was ever asked, it rings now; if somebody answered after all, that is carried out.
    """
    found = services.rings.find(home, ring_id)
    if found is None:
        return
    if not found.answer_until and found.answer is None:
        ring_through(services, home, ring_id, found.reason or "unavailable")
        return
    if found.answer_until > services.clock() + CLOCKS_APART:
        # Asked anew meanwhile: whoever did that ends it, or the `visitor` that `watch` starts.
        return
    try:
        services.rings.end(found)
    except Conflict:
        if answered := services.rings.find(home, ring_id):
            _carry_out_late(services, answered)
        return
    missed = missed_notice(services, found, found.reason or "unavailable")
    send_to_both(services, home, found.door, NoAnswer(found.id), missed)
    services.inform(RingEnded(home, found.door, found.id, "missed"))


def recover(services: Services, home: str, ring_id: str) -> None:
    """The state machine failed: do without it what it should have done.

    It rings, so that an answer still opens. If somebody has answered, that is carried out while it
    is fresh (`_carry_out_late`). A resident whose phone shows a code is served.
    """
    found = rings.find(services, home, ring_id)
    if found is None or found.decision == "resident":
        return
    settings = services.settings
    now = services.clock()
    long_ago = now - found.pressed_at > settings.late_after + settings.answer_within
    if found.answer is None and long_ago:
        missed(services, home, found.id, found.reason or "late")
    elif found.answer is None:
        ring_through(services, home, found.id, "unavailable")
    elif now <= found.answer_until or found.answer == "let_in":
        _carry_out_late(services, found)


def ring_undecided(services: Services, home: str, ring_id: str) -> None:
    """Ring unless something is decided: whatever has claimed this ring takes too long, or died.

    It gets a few seconds: two watches of one ring may come at the same moment.
    """
    until = services.clock() + DECIDES_WITHIN
    while (found := services.rings.find(home, ring_id)) and not found.decision:
        if services.clock() >= until:
            recover(services, home, ring_id)
            return
        services.sleep(LOOK_AGAIN)


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
    """A photo came for a ring that is claimed: shown, if the phones have not seen one yet."""
    found = services.rings.photo_came(home, ring_id, services.clock())
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
        services.inform(RingEnded(home, found.door, found.id, "missed"))


def resend_visitors(services: Services, phone: Connection) -> None:
    """Send a phone that has just connected the visitors it can still answer."""
    for waiting in services.rings.waiting(phone.home, services.clock()):
        send(services, [phone], visitor_notice(services, waiting))


def resend_bells(services: Services, door: Connection) -> None:
    """Send a door that comes back the bells of rings that still wait: it may have missed them."""
    for waiting in services.rings.waiting(door.home, services.clock()):
        if waiting.door == door.device:
            send(services, [door], bell_notice(services, waiting))


def _ask(services: Services, found: Ring, reason: Reason, until: float, token: str | None) -> Ring:
    asked = services.rings.ask(found, reason, until, token)
    if reason == "no_photo" and asked.photo_at:
        # It came between the claim and this question.
        return services.rings.ask(found, "late", until, token)
    return asked


def _carry_out_late(services: Services, found: Ring) -> None:
    """An answer was written, and perhaps whoever wrote it died before it told the state machine.

    A `let_in` opens only as long as an order is valid: later nobody expects it, and somebody else
    may stand there.
    """
    by = found.answered_by or ""
    fresh = services.clock() <= found.answered_at + services.settings.open_valid_for
    if fresh or found.answer != "let_in":
        apply_answer(services, found.home, found.id, found.answer or "", by)
    elif not was_ordered(services, found, by):
        send_to_phones(services, found.home, NotOpened(found.id))
        services.inform(RingEnded(found.home, found.door, found.id, "not_opened"))
