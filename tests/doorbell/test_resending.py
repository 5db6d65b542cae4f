"""A phone that comes back: who still waits, and a code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import resident, visitor
from doorbell.answer import answer
from doorbell.protocol import Answer, Code, Visitor
from doorbell.resident import issue_code
from doorbell.visitor import ring_through
from tests.fakes import (
    ADA,
    BOB,
    FOREIGN_PHONE,
    KITCHEN,
    FakeServices,
    keep_ring,
    make_services,
)

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


def remind(services: Services, phone: Connection) -> None:
    """What `hello` does for a phone."""
    visitor.resend_visitors(services, phone)
    resident.resend_codes(services, phone)


def test_a_phone_that_comes_back_sees_who_waits_and_for_how_long() -> None:
    made = asked()
    made.clock.now += 25
    phone, other = made.connect(ADA), made.connect(FOREIGN_PHONE)
    for connection in (phone, other):
        remind(made.services, connection)
    (waiting,) = made.heard(phone)
    assert isinstance(waiting, Visitor)
    assert waiting.answer_within == 35
    assert made.heard(other) == []


def test_a_ring_that_is_answered_waits_no_longer() -> None:
    made = asked()
    answer(made.services, BOB, DECLINE)
    phone = made.connect(ADA)
    remind(made.services, phone)
    assert made.heard(phone) == []


def with_a_code() -> FakeServices:
    """A house in which Ada has just been sent 042137."""
    made = make_services()
    keep_ring(made)
    made.residents.add_face("home", "Ada", "face-a", "key")
    made.connect(ADA)
    issue_code(made.services, "home", "ring-1", "face-a")
    return made


def test_a_phone_that_comes_back_gets_a_code_of_its_own_with_the_time_that_is_left() -> None:
    made = with_a_code()
    made.clock.now += 50
    phones = [made.connect(ADA), made.connect(KITCHEN)]
    others = [made.connect(BOB), made.connect(FOREIGN_PHONE)]
    for phone in (*phones, *others):
        remind(made.services, phone)
    assert [made.heard(p) for p in phones] == [
        [Code("ring-1", code, 70, "Front", "Ada")] for code in ("042138", "042139")
    ]
    assert not any(made.heard(p) for p in others)


def test_fresh_codes_end_at_five_and_near_the_end() -> None:
    """Each one more makes guessing easier."""
    made = with_a_code()
    phone = made.connect(ADA)
    for _ in range(10):
        remind(made.services, phone)
    assert len(made.heard(phone)) == 4
    late = with_a_code()
    late.clock.now += 111
    phone = late.connect(ADA)
    remind(late.services, phone)
    assert late.heard(phone) == []


def test_a_used_code_gives_no_fresh_one() -> None:
    made = with_a_code()
    used = made.passcodes.issued("home", 0)[0]._replace(used_at=made.clock())
    made.passcodes.settle("home", "front", made.passcodes.attempts("home", "front"), used)
    phone = made.connect(ADA)
    remind(made.services, phone)
    assert made.heard(phone) == []


def test_a_code_that_is_used_in_this_very_moment_spoils_nothing() -> None:
    """Between reading and writing: no fresh code, and no error either."""
    made = with_a_code()
    phone = made.connect(ADA)
    issued = made.passcodes.issued("home", 0)
    made.passcodes.issued = lambda home, since: issued  # type: ignore[method-assign]
    used = issued[0]._replace(used_at=made.clock())
    made.passcodes.settle("home", "front", made.passcodes.attempts("home", "front"), used)
    remind(made.services, phone)
    assert made.heard(phone) == []
