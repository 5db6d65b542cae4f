"""Residents' answers: the first one counts, it opens once, and nothing else opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.answer import answer, apply_answer
from doorbell.errors import MessageError
from doorbell.events import RingEnded
from doorbell.protocol import (
    Answer,
    Declined,
    Missed,
    NoAnswer,
    NotOpened,
    Open,
    RingThrough,
    Visitor,
)
from doorbell.visitor import no_answer, ring_through
from tests.fakes import (
    ADA,
    BOB,
    DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    FakeServices,
    a_ring,
    keep_ring,
    make_services,
)

if TYPE_CHECKING:
    from doorbell.model import Device

LET_IN = Answer("ring-1", "let_in")
DECLINE = Answer("ring-1", "decline")


def asked(token: str | None = "token") -> FakeServices:
    """A house in which a stranger waits at the door."""
    made = make_services()
    keep_ring(made)
    ring_through(made.services, "home", "ring-1", "stranger", token)
    return made


def refusal(made: FakeServices, given: Answer, phone: Device = ADA) -> str:
    """How this answer is refused."""
    with pytest.raises(MessageError) as refused:
        answer(made.services, phone, given)
    return refused.value.name


@pytest.mark.parametrize("given", [LET_IN, DECLINE])
def test_the_state_machine_hears_the_answer_and_whose_it_is(given: Answer) -> None:
    made = asked()
    answer(made.services, ADA, given)
    assert made.waits.resumed == [("token", {"answer": given.answer, "by": ""})]


@pytest.mark.parametrize("given", [LET_IN, DECLINE])
def test_what_the_state_machine_will_do_is_not_done_here_as_well(given: Answer) -> None:
    made = asked()
    door = made.connect(DOOR)
    answer(made.services, ADA, given)
    assert made.heard(door) == []
    assert made.opens.kept == {}


def test_where_no_state_machine_waits_the_answer_opens_by_itself() -> None:
    made = asked(token=None)
    door = made.connect(DOOR)
    answer(made.services, KITCHEN, LET_IN)
    assert [type(said) for said in made.heard(door)] == [Open]


def test_the_first_answer_counts() -> None:
    made = asked()
    answer(made.services, ADA, DECLINE)
    assert refusal(made, LET_IN, BOB) == "already_answered"
    assert refusal(made, LET_IN) == "already_answered"
    assert len(made.waits.resumed) == 1


@pytest.mark.parametrize(("later", "outcome"), [(60.0, None), (60.001, "too_late")])
def test_an_answer_counts_up_to_the_last_moment(later: float, outcome: str | None) -> None:
    made = asked()
    made.clock.now += later
    if outcome:
        assert refusal(made, LET_IN) == outcome
        assert made.waits.resumed == []
    else:
        answer(made.services, ADA, LET_IN)
        assert made.waits.resumed


def test_an_answer_in_the_moment_of_the_timeout_counts_and_nobody_hears_no_answer() -> None:
    """The state machine gave up just before, but the answer was written in time: it opens."""
    made = asked()
    door = made.connect(DOOR)
    made.waits.over.add("token")
    answer(made.services, ADA, LET_IN)
    no_answer(made.services, "home", "ring-1")
    opens = {said.open for said in made.heard(door) if isinstance(said, Open)}
    assert len(opens) == 1
    assert not any(isinstance(said, NoAnswer) for said in made.heard(door))


def test_an_answer_that_failed_on_the_way_may_be_given_again() -> None:
    """It was recorded, and then Step Functions was not reached."""
    made = asked()
    made.waits.refuses = RuntimeError()
    with pytest.raises(RuntimeError):
        answer(made.services, ADA, LET_IN)
    made.waits.refuses = None
    answer(made.services, ADA, LET_IN)
    assert made.waits.resumed == [("token", {"answer": "let_in", "by": ""})]


def test_a_recorded_let_in_that_was_not_carried_out_follows_with_anybodys_let_in() -> None:
    """Whoever wrote it died before the state machine heard of it."""
    made = asked()
    made.rings.answer("home", "ring-1", "let_in", "Ada", made.clock())
    assert refusal(made, LET_IN, BOB) == "already_answered"
    assert made.waits.resumed == [("token", {"answer": "let_in", "by": ""})]


@pytest.mark.parametrize("phone", [ADA, BOB])
def test_a_decline_never_opens(phone: Device) -> None:
    """Whatever was answered before, and by whom: an order that is void is not made valid anew."""
    made = asked(token=None)
    answer(made.services, ADA, LET_IN)
    made.clock.now += 30
    door = made.connect(DOOR)
    assert refusal(made, DECLINE, phone) == "already_answered"
    assert made.heard(door) == []


@pytest.mark.parametrize("phone", [ADA, BOB])
def test_a_decline_lets_no_let_in_follow_that_was_not_carried_out(phone: Device) -> None:
    made = asked()
    made.rings.answer("home", "ring-1", "let_in", "Ada", made.clock())
    assert refusal(made, DECLINE, phone) == "already_answered"
    assert made.waits.resumed == []


def test_a_recorded_let_in_follows_up_to_the_last_moment() -> None:
    made = asked()
    made.rings.answer("home", "ring-1", "let_in", "Ada", made.clock())
    made.clock.now += 60
    refusal(made, LET_IN, BOB)
    assert made.waits.resumed


def test_a_recorded_decline_does_not_follow_with_another_persons_tap() -> None:
    made = asked()
    made.rings.answer("home", "ring-1", "decline", "Ada", made.clock())
    assert refusal(made, LET_IN, BOB) == "already_answered"
    assert made.waits.resumed == []


@pytest.mark.parametrize(
    ("given", "later", "told"),
    [
        ("let_in", 15, [Open]),
        ("let_in", 15.001, []),
        ("let_in", 60, []),
        ("decline", 60, [Declined]),
    ],
)
def test_an_answer_that_nobody_carried_out_follows_the_end_of_the_wait_and_opens_while_fresh(
    given: str, later: float, told: list[type]
) -> None:
    """A minute after the tap nobody expects a door to open, and somebody else may stand there."""
    made = asked()
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    made.clock.now += 60 - later
    made.rings.answer("home", "ring-1", given, "Ada", made.clock())
    made.clock.now += later
    no_answer(made.services, "home", "ring-1")
    assert [type(each) for each in made.heard(door)] == told
    assert (NotOpened("ring-1") in made.heard(phone)) == (not told)
    assert (RingEnded("home", "front", "ring-1", "not_opened") in made.bus.events) == (not told)


def test_of_an_order_that_is_placed_nobody_says_that_it_did_not_open() -> None:
    """The wait ends, perhaps twice; what becomes of the order is told by others, once."""
    made = asked(token=None)
    phone = made.connect(KITCHEN)
    answer(made.services, ADA, LET_IN)
    made.clock.now += 60
    no_answer(made.services, "home", "ring-1")
    assert NotOpened("ring-1") not in made.heard(phone)


def test_the_end_of_a_wait_that_nobody_was_asked_in_rings() -> None:
    """The job that should have rung was killed, and its error was lost."""
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    no_answer(made.services, "home", "ring-1")
    assert [type(said) for said in made.heard(door)] == [RingThrough]
    assert [type(said) for said in made.heard(phone)] == [Visitor]


@pytest.mark.parametrize("later", [0, 60])
def test_an_answer_given_again_opens_once(later: int) -> None:
    """Up to the last moment it is no error."""
    made = asked(token=None)
    door = made.connect(DOOR)
    answer(made.services, ADA, LET_IN)
    made.clock.now += later
    answer(made.services, ADA, LET_IN)
    opens = {said.open for said in made.heard(door) if isinstance(said, Open)}
    assert len(opens) == 1


def test_an_answer_given_again_after_its_time_opens_nothing() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(answer="let_in", answered_by="Ada", answer_until=1.0))
    assert refusal(made, LET_IN) == "already_answered"
    assert made.opens.kept == {}


def test_a_ring_that_nobody_is_asked_about_does_not_wait() -> None:
    made = make_services()
    keep_ring(made)
    assert refusal(made, LET_IN) == "not_waiting"


def test_after_no_answer_it_is_too_late_at_once() -> None:
    made = asked()
    made.clock.now += 58
    no_answer(made.services, "home", "ring-1")
    assert refusal(made, LET_IN) == "too_late"


def test_a_question_that_was_asked_without_a_reason_is_missed_with_one() -> None:
    """As a release of before may have written it."""
    made = make_services()
    keep_ring(made, a_ring()._replace(answer_until=made.clock()))
    phone = made.connect(KITCHEN)
    no_answer(made.services, "home", "ring-1")
    (told,) = made.heard(phone)
    assert isinstance(told, Missed)
    assert told.reason == "unavailable"


def test_the_end_of_an_older_question_does_not_end_a_younger_one() -> None:
    made = asked("first")
    door = made.connect(DOOR)
    made.clock.now += 58
    ring_through(made.services, "home", "ring-1", "no_photo", "second")
    no_answer(made.services, "home", "ring-1")
    assert NoAnswer("ring-1") not in made.heard(door)
    answer(made.services, ADA, LET_IN)
    assert made.waits.resumed == [("second", {"answer": "let_in", "by": ""})]


@pytest.mark.parametrize("ring", ["ring-1", "unknown"])
def test_another_homes_phone_has_no_such_ring(ring: str) -> None:
    made = asked()
    assert refusal(made, Answer(ring, "let_in"), FOREIGN_PHONE) == "not_allowed"
    assert made.waits.resumed == []


def test_an_answer_to_a_repeat_is_one_to_the_ring_it_is_part_of() -> None:
    made = asked()
    made.rings.kept["home", "again"] = a_ring("again")._replace(kind="repeat", part_of="ring-1")
    answer(made.services, ADA, Answer("again", "let_in"))
    assert made.waits.resumed


def test_a_state_machine_that_asks_after_the_answer_need_not_wait() -> None:
    """The door had hung up, the phones answered, and then the photo came."""
    made = asked(token=None)
    answer(made.services, ADA, DECLINE)
    door = made.connect(DOOR)
    ring_through(made.services, "home", "ring-1", "stranger", "later token")
    assert made.waits.resumed == [("later token", {"answer": "already", "by": ""})]
    assert made.heard(door) == []


def test_declining_is_told_to_the_door_without_a_name_and_to_the_phones_with_one() -> None:
    made = asked()
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    apply_answer(made.services, "home", "ring-1", "decline", "Ada")
    assert made.heard(door) == [Declined("ring-1")]
    assert made.heard(phone) == [Declined("ring-1", "Ada")]
    assert made.opens.kept == {}
    assert made.bus.events[1:] == [RingEnded("home", "front", "ring-1", "declined", "Ada")]


@pytest.mark.parametrize("given", ["", "LET_IN", "already", "yes"])
def test_no_other_word_opens(given: str) -> None:
    made = asked()
    apply_answer(made.services, "home", "ring-1", given, "Ada")
    assert made.opens.kept == {}


def test_letting_in_twice_sends_one_order() -> None:
    """Step Functions retries a job that Lambda may have run."""
    made = asked()
    for _ in range(2):
        apply_answer(made.services, "home", "ring-1", "let_in", "Ada")
    assert len(made.opens.kept) == 1


def test_nothing_is_carried_out_for_a_ring_of_another_home() -> None:
    made = asked()
    apply_answer(made.services, "away", "ring-1", "let_in", "Ada")
    no_answer(made.services, "away", "ring-1")
    assert made.opens.kept == {}


def test_when_nobody_answers_door_and_phones_are_told() -> None:
    made = asked()
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    made.clock.now += 60
    no_answer(made.services, "home", "ring-1")
    assert made.heard(door) == [NoAnswer("ring-1")]
    (missed,) = made.heard(phone)
    assert isinstance(missed, Missed)
    assert missed.reason == "stranger"
    assert missed.photo
    assert made.bus.events[1:] == [RingEnded("home", "front", "ring-1", "missed")]
