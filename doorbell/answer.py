"""A resident's answer, the first one that counts; and that nobody gave one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from doorbell import opening, ring
from doorbell.errors import Conflict, MessageError, NotResumed
from doorbell.messages import Answer, Declined, NoAnswer
from doorbell.notices import missed_notice
from doorbell.telling import tell_both

if TYPE_CHECKING:
    from doorbell.access import Device
    from doorbell.house import House
    from doorbell.ring import Ring

CLOCKS_APART: Final = 5.0
"""The state machine's wait starts a little before the table's, by a cold start at most."""


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
    told = missed_notice(house, found, found.reason or "unavailable")
    tell_both(house, home, found.door, NoAnswer(found.id), told)
