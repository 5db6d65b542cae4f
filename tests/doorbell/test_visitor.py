"""Whoever rings through: bell, photo and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell import visitor
from doorbell.errors import DoorbellError
from doorbell.events import RingDecided, RingEnded
from doorbell.protocol import Declined, Missed, NotOpened, Open, RingThrough, Visitor
from tests.fakes import (
    BACK_DOOR,
    DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    a_ring,
    keep_ring,
    make_services,
)

if TYPE_CHECKING:
    from doorbell.model import Ring

LINK = "https://get/guest/home/ring-1/photo.jpeg?3600"


# --- anyone else ---------------------------------------------------------------------


def test_ringing_through_sounds_the_bell_and_shows_the_photo() -> None:
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    visitor.ring_through(made.services, "home", "ring-1", "stranger", "token")
    assert made.heard(door) == [RingThrough("ring-1", "stranger", 60)]
    assert made.heard(phone) == [Visitor("ring-1", "Front", "stranger", 60, LINK)]
    assert made.bus.events == [RingDecided("home", "front", "ring-1", "stranger")]
    assert made.rings.kept["home", "ring-1"].token == "token"


def test_without_a_photo_there_is_none_to_show() -> None:
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    visitor.ring_through(made.services, "home", "ring-1", "no_photo")
    assert made.heard(phone) == [Visitor("ring-1", "Front", "no_photo", 60, None)]


def test_the_phones_hear_even_when_the_door_cannot_be_told() -> None:
    """Whatever fails, somebody is told; and the error still shows."""
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    made.sockets.broken[door.id] = RuntimeError()
    with pytest.raises(RuntimeError):
        visitor.ring_through(made.services, "home", "ring-1", "stranger")
    assert made.heard(phone)


def test_over_the_limit_a_door_whose_ticket_got_lost_still_rings() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(kind="limited"))
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    visitor.ring_through(made.services, "home", "ring-1", "unavailable", "token")
    assert made.heard(door) == [RingThrough("ring-1", "unavailable", 60)]
    assert len(made.heard(phone)) == 1


def test_an_unknown_ring_rings_nowhere() -> None:
    made = make_services()
    door = made.connect(DOOR)
    visitor.ring_through(made.services, "home", "unknown", "stranger")
    assert made.heard(door) == []


def test_a_failed_execution_rings_from_outside_and_an_answer_opens_by_itself() -> None:
    made = make_services()
    keep_ring(made)
    door = made.connect(DOOR)
    visitor.ring_through(made.services, "home", "ring-1", "stranger", "dead token")
    visitor.recover(made.services, "home", "ring-1")
    assert made.heard(door)[-1] == RingThrough("ring-1", "unavailable", 60)
    assert made.rings.kept["home", "ring-1"].token is None


def test_a_repeat_is_recovered_as_the_ring_it_is_part_of() -> None:
    made = make_services()
    keep_ring(made)
    made.rings.kept["home", "again"] = a_ring("again")._replace(kind="repeat", part_of="ring-1")
    door = made.connect(DOOR)
    visitor.recover(made.services, "home", "again")
    assert made.heard(door) == [RingThrough("ring-1", "unavailable", 60)]


@pytest.mark.parametrize(("answer", "told"), [("let_in", [NotOpened("ring-1")]), ("decline", [])])
def test_what_was_answered_and_then_failed_does_not_ring_again(
    answer: str, told: list[object]
) -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(answer=answer, answered_by="Ada"))
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    visitor.recover(made.services, "home", "ring-1")
    assert made.heard(phone) == told
    assert made.heard(door) == []
    ended = [RingEnded("home", "front", "ring-1", "not_opened")] if told else []
    assert made.bus.events == ended


@pytest.mark.parametrize(("decision", "rings"), [(None, 1), ("resident", 0), ("stranger", 0)])
def test_a_claimed_ring_that_is_not_decided_in_time_rings(decision: str | None, rings: int) -> None:
    """Whoever claimed it died, or hangs; but a question that is under way is left alone."""
    made = make_services()
    keep_ring(made, a_ring()._replace(claimed_by="execution", decision=decision))
    door = made.connect(DOOR)
    visitor.ring_undecided(made.services, "home", "ring-1")
    assert len(made.heard(door)) == rings


def test_a_claimed_ring_that_is_decided_in_a_moment_is_left_alone() -> None:
    """Two watches of one ring started at once: one of them asks."""
    made = make_services()
    keep_ring(made, a_ring()._replace(claimed_by="execution"))
    door = made.connect(DOOR)
    find = made.rings.find
    looks: list[str] = []

    def look(home: str, ring: str) -> Ring | None:
        looks.append(ring)
        if len(looks) == 3:
            made.rings.decide(a_ring(), "no_photo")
        return find(home, ring)

    made.rings.find = look  # type: ignore[method-assign]
    visitor.ring_undecided(made.services, "home", "ring-1")
    assert made.heard(door) == []


# --- the door hangs up -----------------------------------------------------------------


def test_a_door_that_leaves_before_its_photo_came_is_told_of_at_once() -> None:
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    visitor.door_hung_up(made.services, "home", "front")
    assert made.heard(phone) == [Visitor("ring-1", "Front", "no_photo", 60, None)]


def test_a_door_leaves_though_another_door_of_the_home_stays() -> None:
    made = make_services()
    keep_ring(made)
    made.connect(BACK_DOOR)
    phone = made.connect(KITCHEN)
    visitor.door_hung_up(made.services, "home", "front")
    assert [type(said) for said in made.heard(phone)] == [Visitor]


def test_a_door_with_another_socket_has_not_left() -> None:
    made = make_services()
    keep_ring(made)
    made.connect(DOOR)
    phone = made.connect(KITCHEN)
    visitor.door_hung_up(made.services, "home", "front")
    assert made.heard(phone) == []


@pytest.mark.parametrize(("since", "told"), [(60, 1), (60.5, 0)])
def test_a_ring_of_long_ago_is_not_told_of_when_the_door_leaves(since: float, told: int) -> None:
    made = make_services()
    keep_ring(made)
    made.clock.now += since
    phone = made.connect(KITCHEN)
    visitor.door_hung_up(made.services, "home", "front")
    assert len(made.heard(phone)) == told


def test_a_ring_that_is_decided_asked_about_or_answered_is_not_told_of() -> None:
    for known in (
        a_ring()._replace(claimed_by="execution"),
        a_ring()._replace(answer="decline"),
        a_ring()._replace(answer_until=a_ring().pressed_at + 60),
    ):
        made = make_services()
        keep_ring(made, known)
        phone = made.connect(KITCHEN)
        visitor.door_hung_up(made.services, "home", "front")
        assert made.heard(phone) == []


def test_a_door_that_never_rang_leaves_in_peace() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    visitor.door_hung_up(made.services, "home", "front")
    assert made.heard(phone) == []


# --- late ------------------------------------------------------------------------------


def test_a_late_photo_is_shown_while_the_phones_may_answer() -> None:
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    visitor.ring_through(made.services, "home", "ring-1", "no_photo", "token")
    made.clock.now += 20
    visitor.late_photo(made.services, "home", "ring-1")
    assert made.heard(phone)[1:] == [Visitor("ring-1", "Front", "late", 40, LINK)]
    assert made.rings.kept["home", "ring-1"].token == "token", "the same question waits"


@pytest.mark.parametrize("later", [1, 61])
def test_a_photo_after_the_answer_is_shown_to_nobody(later: float) -> None:
    """The visitor was let in or sent away: nobody is missed."""
    made = make_services()
    keep_ring(made)
    visitor.ring_through(made.services, "home", "ring-1", "no_photo", "token")
    made.rings.answer("home", "ring-1", "let_in", "Ada", made.clock())
    made.clock.now += later
    phone = made.connect(KITCHEN)
    visitor.late_photo(made.services, "home", "ring-1")
    assert made.heard(phone) == []


def test_a_photo_when_nobody_answered_is_shown_as_missed() -> None:
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    visitor.ring_through(made.services, "home", "ring-1", "no_photo", "token")
    made.clock.now += 61
    visitor.late_photo(made.services, "home", "ring-1")
    assert made.heard(phone)[1:] == [Missed("ring-1", "Front", "late", LINK)]


def test_an_event_that_s3_tells_twice_is_told_once() -> None:
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    visitor.ring_through(made.services, "home", "ring-1", "stranger", "token")
    visitor.late_photo(made.services, "home", "ring-1")
    assert len(made.heard(phone)) == 1


@pytest.mark.parametrize(("reason", "link"), [("late", LINK), ("no_photo", None)])
def test_a_missed_visitor_is_shown_if_there_is_a_photo(reason: str, link: str | None) -> None:
    made = make_services()
    keep_ring(made)
    phone, other = made.connect(KITCHEN), made.connect(FOREIGN_PHONE)
    visitor.missed(made.services, "home", "ring-1", reason)  # type: ignore[arg-type]
    visitor.missed(made.services, "away", "ring-1", reason)  # type: ignore[arg-type]
    assert made.heard(phone) == [Missed("ring-1", "Front", reason, link)]  # type: ignore[arg-type]
    assert made.heard(other) == []
    assert made.bus.events == [RingEnded("home", "front", "ring-1", "missed")]


@pytest.mark.parametrize(("later", "waits"), [(60, True), (60.001, False)])
def test_a_phone_that_comes_back_may_answer_up_to_the_last_moment(
    later: float, waits: bool
) -> None:
    made = make_services()
    keep_ring(made)
    visitor.ring_through(made.services, "home", "ring-1", "stranger")
    made.clock.now += later
    phone, door = made.connect(KITCHEN), made.connect(DOOR)
    visitor.resend_visitors(made.services, phone)
    visitor.resend_bells(made.services, door)
    left = [said.answer_within for said in made.heard(phone) if isinstance(said, Visitor)]
    assert left == ([0] if waits else [])
    assert made.heard(door) == ([RingThrough("ring-1", "stranger", 0)] if waits else [])


def test_a_bell_that_rang_is_not_rung_again_because_the_bus_refuses() -> None:
    """What is only told may fail: the job has done its work."""
    made = make_services()
    keep_ring(made)
    door = made.connect(DOOR)
    made.bus.refuses = DoorbellError()
    visitor.ring_through(made.services, "home", "ring-1", "stranger", "token")
    assert made.heard(door) == [RingThrough("ring-1", "stranger", 60)]


def test_a_photo_between_the_claim_and_the_question_is_shown() -> None:
    """`watch` claimed the ring in vain, and then the photo came before anybody was asked."""
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    visitor.late_photo(made.services, "home", "ring-1")
    assert made.heard(phone) == []
    visitor.ring_through(made.services, "home", "ring-1", "no_photo", "token")
    assert made.heard(phone) == [Visitor("ring-1", "Front", "late", 60, LINK)]
    assert made.rings.kept["home", "ring-1"].token == "token"


def test_a_resident_whose_phone_shows_the_code_is_not_rung_for_when_the_machine_fails() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(decision="resident"))
    door = made.connect(DOOR)
    visitor.recover(made.services, "home", "ring-1")
    assert made.heard(door) == []


@pytest.mark.parametrize("answer", ["let_in", "decline"])
def test_what_was_answered_just_now_is_carried_out_when_the_machine_failed(answer: str) -> None:
    made = make_services()
    until = made.clock() + 30
    keep_ring(made, a_ring()._replace(answer_until=until))
    made.rings.answer("home", "ring-1", answer, "Ada", made.clock())
    made.clock.now += 15
    door = made.connect(DOOR)
    visitor.recover(made.services, "home", "ring-1")
    (told,) = made.heard(door)
    assert isinstance(told, Open if answer == "let_in" else Declined)


def test_a_machine_that_fails_later_opens_no_more_though_there_was_time_to_answer() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(answer_until=made.clock() + 30))
    made.rings.answer("home", "ring-1", "let_in", "Ada", made.clock())
    made.clock.now += 15.001
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    visitor.recover(made.services, "home", "ring-1")
    assert made.heard(door) == []
    assert made.heard(phone) == [NotOpened("ring-1")]


def test_a_failed_execution_of_long_ago_does_not_ring_now() -> None:
    made = make_services()
    keep_ring(made)
    made.clock.now += 600
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    visitor.recover(made.services, "home", "ring-1")
    assert made.heard(door) == []
    (told,) = made.heard(phone)
    assert isinstance(told, Missed)
