"""A resident's answer, the first one that counts; and that nobody gave one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from doorbell import opening, rings
from doorbell.errors import Conflict, MessageError, NotResumed
from doorbell.notices import missed_notice
from doorbell.protocol import Answer, Declined, NoAnswer
from doorbell.sending import send_to_both

if TYPE_CHECKING:
    from doorbell.model import Device, Ring
    from doorbell.services import Services

CLOCKS_APART: Final = 5.0
"""The state machine's wait starts a little before the table's, by a cold start at most."""


def answer(services: Services, phone: Device, given: Answer) -> None:
    """A resident answers. Raises MessageError: `not_allowed`, `not_waiting`, `too_late`,
    `already_answered`.
    """
    found = rings.find(services, phone.home, given.ring)
    if found is None:
        raise MessageError("not_allowed", "This home has no such ring.")
    now = services.clock()
    try:
        answered = services.rings.answer(phone.home, found.id, given.answer, phone.person, now)
    except Conflict:
        found = services.rings.find(phone.home, found.id) or found
        said = (found.answer, found.answered_by) == (given.answer, phone.person)
        if said and now <= found.answer_until:
            # Perhaps what follows failed the first time. Done twice, it opens once.
            _follow(services, found)
        raise _why_not(found) from None
    _follow(services, answered)


def _follow(services: Services, answered: Ring) -> None:
    """Let the state machine go on; if it does not take the answer, carry it out without it.

    An answer that was given in time counts, and `no_answer` passes over a ring that has one.
    """
    if answered.token is None or not _resumed(services, answered, answered.token):
        by = answered.answered_by or ""
        apply_answer(services, answered.home, answered.id, answered.answer or "", by)


def _resumed(services: Services, answered: Ring, token: str) -> bool:
    output = {"answer": answered.answer or "", "by": answered.answered_by or ""}
    try:
        services.waits.resume(token, output)
    except NotResumed:
        return False
    return True


def _why_not(found: Ring) -> MessageError:
    if found.answer is not None:
        return MessageError("already_answered", "Somebody has answered this ring.")
    if found.answer_until:
        return MessageError("too_late", "This ring waits no longer.")
    return MessageError("not_waiting", "This ring does not wait for an answer.")


def apply_answer(
    services: Services, home: str, ring_id: str, given: Literal["let_in", "decline"] | str, by: str
) -> None:
    """Do what the resident answered."""
    found = services.rings.find(home, ring_id)
    if found is None:
        return
    if given == "let_in":
        opening.order(services, home, found.door, found.id, by, since=found.pressed_at)
        return
    send_to_both(services, home, found.door, Declined(found.id), Declined(found.id, by))


def no_answer(services: Services, home: str, ring_id: str) -> None:
    """Nobody answered in time: the door is told, and the phones that they missed somebody."""
    found = services.rings.find(home, ring_id)
    if found is None:
        return
    if found.answer_until > services.clock() + CLOCKS_APART:
        return  # asked anew meanwhile; that question has its own end
    try:
        services.rings.end(found)
    except Conflict:
        return
    told = missed_notice(services, found, found.reason or "unavailable")
    send_to_both(services, home, found.door, NoAnswer(found.id), told)
