"""A phone that comes back: who still waits, and a code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import resident, visitor
from doorbell.answer import answer
from doorbell.protocol import Answer, Code, RingThrough, Visitor
from doorbell.visitor import ring_through
from tests.fakes import (
    ADA,
    BACK_DOOR,
    BOB,
    DOOR,
    FOREIGN_DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    FakeServices,
    enrol_face,
    keep_ring,
    make_services,
)
from tests.jobs import issue_code, type_code

if TYPE_CHECKING:
    from doorbell.model import Connection
    from doorbell.services import Services

DECLINE = Answer("ring-1", "decline")


def asked(token: str | None = "token") -> FakeServices:
    """A house in which a stranger waits at the door."""
    made = make_services()
    keep_ring(made)
    ring_through(made.services, "home", "ring-1", "stranger", token)
    return made


def say_hello(services: Services, phone: Connection) -> None:
    """What `hello` does for a phone."""
    visitor.resend_visitors(services, phone)
    resident.resend_codes(services, phone)


def test_a_phone_that_comes_back_sees_who_waits_and_for_how_long() -> None:
    made = asked()
    made.clock.now += 25
    phone, other = made.connect(ADA), made.connect(FOREIGN_PHONE)
    for connection in (phone, other):
        say_hello(made.services, connection)
    (waiting,) = made.heard(phone)
    assert isinstance(waiting, Visitor)
    assert waiting.answer_within == 35
    assert made.heard(other) == []


def test_a_ring_that_is_answered_waits_no_longer() -> None:
    made = asked()
    answer(made.services, BOB, DECLINE)
    phone = made.connect(ADA)
    say_hello(made.services, phone)
    assert made.heard(phone) == []


def with_a_code() -> FakeServices:
    """A house in which Ada has just been sent 042137."""
    made = make_services()
    keep_ring(made)
    enrol_face(made, "Ada", "face-a")
    made.connect(ADA)
    issue_code(made.services, "home", "ring-1", "face-a", "token")
    return made


def test_a_phone_that_comes_back_gets_a_code_of_its_own_with_the_time_that_is_left() -> None:
    made = with_a_code()
    made.clock.now += 50
    phones = [made.connect(ADA), made.connect(KITCHEN)]
    others = [made.connect(BOB), made.connect(FOREIGN_PHONE)]
    for phone in (*phones, *others):
        say_hello(made.services, phone)
    assert [made.heard(p) for p in phones] == [
        [Code("ring-1", code, 70, "Front", "Ada")] for code in ("042138", "042139")
    ]
    assert not any(made.heard(p) for p in others)


def test_fresh_codes_end_at_five_and_near_the_end() -> None:
    """Each one more makes guessing easier."""
    made = with_a_code()
    phone = made.connect(ADA)
    for _ in range(10):
        say_hello(made.services, phone)
    assert len(made.heard(phone)) == 4
    late = with_a_code()
    late.clock.now += 110
    phones = [late.connect(ADA), late.connect(ADA)]
    for phone in phones:
        say_hello(late.services, phone)
        late.clock.now += 1
    assert [len(late.heard(phone)) for phone in phones] == [1, 0]


def test_a_used_code_gives_no_fresh_one() -> None:
    made = with_a_code()
    type_code(made.services, DOOR, "042137")
    phone = made.connect(ADA)
    say_hello(made.services, phone)
    assert made.heard(phone) == []


def test_a_code_that_is_used_in_this_very_moment_spoils_nothing() -> None:
    """Between reading and writing: no fresh code, and no error either."""
    made = with_a_code()
    phone = made.connect(ADA)
    issued = made.passcodes.in_home("home", 0)
    made.passcodes.in_home = lambda home, since: issued  # type: ignore[method-assign]
    made.passcodes.withdraw(issued[0])
    say_hello(made.services, phone)
    assert made.heard(phone) == []


def test_a_door_that_comes_back_gets_the_bells_of_rings_that_wait() -> None:
    """It may have been away, or `ring_through` could not be posted."""
    made = asked()
    made.clock.now += 25
    door, others = made.connect(DOOR), [made.connect(BACK_DOOR), made.connect(FOREIGN_DOOR)]
    for each in (door, *others):
        visitor.resend_bells(made.services, each)
    assert made.heard(door) == [RingThrough("ring-1", "stranger", 35)]
    assert not any(made.heard(other) for other in others)
