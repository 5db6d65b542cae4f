"""A resident's answer, the first one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import opening, rings
from doorbell.errors import Conflict, MessageError, NotResumed
from doorbell.events import RingEnded
from doorbell.protocol import Answer, Declined
from doorbell.sending import send_to_both

if TYPE_CHECKING:
    from doorbell.model import Device, Ring
    from doorbell.services import Services


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
        said_before = (found.answer, found.answered_by) == (given.answer, phone.person)
        lets_in = found.answer == given.answer == "let_in"
        in_time = now <= found.answer_until
        if in_time and (said_before or lets_in):
            # Perhaps what follows failed the first time. Done twice, it opens once.
            follow(services, found)
        if not (said_before and in_time):
            raise _why_not(found) from None
    else:
        follow(services, answered)


def follow(services: Services, answered: Ring) -> None:
    """Let the state machine go on; if it does not take the answer, carry it out without it.

    An answer that was given in time counts, and `no_answer` passes over a ring that has one.
    """
    if answered.token is None or not _resumed(services, answered, answered.token):
        by = answered.answered_by or ""
        apply_answer(services, answered.home, answered.id, answered.answer or "", by)


def apply_answer(services: Services, home: str, ring_id: str, given: str, by: str) -> None:
    """Do what the resident answered: `let_in` or `decline`. Anything else was done before.

    Who it was stands in the ring: what goes through the state machine has no name (`_resumed`).
    """
    found = services.rings.find(home, ring_id)
    if found is None:
        return
    by = by or found.answered_by or ""
    if given == "let_in":
        opening.order_by_person(services, found, by)
    elif given == "decline":
        send_to_both(services, home, found.door, Declined(found.id), Declined(found.id, by))
        services.inform(RingEnded(home, found.door, found.id, "declined", by))


def _resumed(services: Services, answered: Ring, token: str) -> bool:
    # No name: histories of executions are kept for 90 days, and nobody can take one out of them.
    output = {"answer": answered.answer or "", "by": ""}
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
