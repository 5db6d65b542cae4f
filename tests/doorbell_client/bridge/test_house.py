"""What the broker is told of a home, told without a broker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.protocol import (
    Code,
    Declined,
    DoorOpened,
    Enrolled,
    Error,
    HelloAnswer,
    Message,
    Missed,
    NotOpened,
    Pong,
    Pressed,
    Visitor,
)
from doorbell_client.bridge.buttons import Buttons
from doorbell_client.bridge.discovery import Described
from doorbell_client.bridge.door import PHOTO_SECONDS, RINGING_SECONDS
from doorbell_client.bridge.doors import MOST_DOORS, REMEMBERED, Doors
from doorbell_client.bridge.house import LISTENS_AFTER, House
from doorbell_client.bridge.publication import Incoming
from doorbell_client.bridge.topics import Topics, door_id

if TYPE_CHECKING:
    from doorbell_client.bridge.publication import Publication

TOPICS = Topics("home")
FRONT, BACK = door_id("Front door"), door_id("Back door")
JPEG = b"\xff\xd8\xff photo"


class Home:
    """A house and its buttons, with a clock that the test turns."""

    def __init__(self) -> None:
        doors = Doors(TOPICS, open_seconds=5)
        self.house = House(Described(TOPICS, "1"), doors)
        self.buttons = Buttons(TOPICS, doors)
        self.now = 0.0
        self.told: list[Publication] = []

    def hear(self, *messages: Message) -> None:
        for message in messages:
            self.told += self.house.hear(message, self.now)

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.told += self.house.due(self.now)

    def press(self, door: str, part: str, payload: str = "", *, retained: bool = False) -> Any:
        """The ring that is answered, or None; the answer is sent.

        As Home Assistant's button says it: the ring that is shown now, if nothing else is given.
        """
        shown = self.visit(door)["ring"] if self.of(door, "visit") else None
        incoming = Incoming(TOPICS.of(door, part), (payload or str(shown)).encode(), retained)
        press, told = self.buttons.press(incoming, self.now)
        self.told += told
        if press is not None:
            self.told += self.buttons.sent(press, arrived=True)
        return press and press.answer

    def fails(self, error: str) -> None:
        self.told += self.buttons.refused(error)

    def visit(self, door: str = FRONT) -> Any:
        return json.loads(self.of(door, "visit")[-1])

    def of(self, door: str, part: str) -> list[bytes]:
        return [each.payload for each in self.told if each.topic == TOPICS.of(door, part)]


def visitor(ring: str = "r1", door: str = "Front door", seconds: int = 60) -> Visitor:
    return Visitor(ring, door, "stranger", seconds)


def pressed(ring: str = "r1", door: str = "Front door") -> Pressed:
    return Pressed(ring, door)


def test_a_ring_is_told_once_however_often_the_cloud_tells_it() -> None:
    home = Home()
    home.hear(pressed(), visitor(), pressed(), visitor())
    assert len(home.of(FRONT, "ring")) == 1


def test_a_visitor_whose_press_was_not_heard_rings() -> None:
    home = Home()
    home.hear(visitor())
    assert len(home.of(FRONT, "ring")) == 1
    assert home.visit()["visit"] == "waiting"


def test_only_the_first_event_of_a_new_door_waits_for_listeners() -> None:
    home = Home()
    home.hear(pressed("r1"), pressed("r2"))
    waits = [each.after for each in home.told if each.topic == TOPICS.of(FRONT, "ring")]
    assert waits == [LISTENS_AFTER, 0]


def test_what_happened_at_one_moment_and_photos_are_not_retained() -> None:
    home = Home()
    home.hear(pressed(), visitor())
    home.told += home.house.photographed("r1", JPEG, home.now)
    kept = {each.topic.rsplit("/", 1)[1] for each in home.told if each.retain}
    assert kept == {"config", "lock", "visit"}


def test_the_last_visitors_photo_is_gone_when_somebody_else_rings() -> None:
    home = Home()
    home.hear(visitor("r1"))
    home.told += home.house.photographed("r1", JPEG, home.now)
    home.hear(pressed("r2"))
    assert home.of(FRONT, "photo")[-1] != JPEG
    assert home.visit()["photo"] is False


def test_a_photo_that_comes_after_the_next_ring_is_not_shown() -> None:
    home = Home()
    home.hear(visitor("r1"), pressed("r2"))
    assert home.house.photographed("r1", JPEG, home.now) == []
    assert not home.house.wants_photo("r1")
    assert home.house.wants_photo("r2")


def test_a_photo_is_told_to_who_comes_later_for_a_day() -> None:
    home = Home()
    home.hear(visitor())
    home.house.photographed("r1", JPEG, home.now)
    assert JPEG in [each.payload for each in home.house.everything()]
    home.later(PHOTO_SECONDS)
    assert JPEG not in [each.payload for each in home.house.everything()]


@pytest.mark.parametrize(
    ("message", "visit", "by"),
    [
        (DoorOpened("r1", "code"), "opened", "code"),
        (NotOpened("r1"), "not_opened", None),
        (Declined("r1", "Anna"), "declined", "Anna"),
        (Missed("r1", "Front door", "stranger"), "missed", None),
    ],
)
def test_a_visit_ends_as_the_cloud_says(message: Message, visit: str, by: str | None) -> None:
    home = Home()
    home.hear(pressed(), visitor(), message)
    assert (home.visit()["visit"], home.visit().get("by")) == (visit, by)
    assert home.press(FRONT, "let_in") is None


def test_a_missed_ring_alone_is_no_ring() -> None:
    home = Home()
    home.hear(Missed("r1", "Front door", "late"))
    assert home.visit()["visit"] == "missed"
    assert home.of(FRONT, "ring") == []


def test_an_earlier_ring_that_was_missed_does_not_hide_who_waits_now() -> None:
    home = Home()
    home.hear(visitor("r1"), visitor("r2"), Missed("r1", "Front door", "stranger"))
    assert (home.visit()["visit"], home.visit()["ring"]) == ("waiting", "r2")


def test_a_door_that_opened_is_unlocked_for_its_seconds() -> None:
    home = Home()
    home.hear(pressed(), DoorOpened("r1", "code"))
    home.later(4.9)
    assert home.of(FRONT, "lock")[-1] == b"ON"
    home.later(0.2)
    assert home.of(FRONT, "lock")[-1] == b"OFF"


def test_an_opening_without_a_ring_means_the_only_door_or_none() -> None:
    home = Home()
    home.hear(pressed(), DoorOpened(None, "Anna"))
    assert home.of(FRONT, "lock")[-1] == b"ON"
    home.later(10)
    home.hear(pressed("r2", "Back door"), DoorOpened(None, "Anna"))
    assert home.of(FRONT, "lock")[-1] == b"OFF"
    assert home.of(BACK, "lock")[-1] == b"OFF"


def test_each_door_has_its_own_visit() -> None:
    home = Home()
    home.hear(visitor("r1"), visitor("r2", "Back door"))
    assert home.press(BACK, "let_in").ring == "r2"
    assert home.press(FRONT, "decline").ring == "r1"


# --- buttons --------------------------------------------------------------------------


def test_a_retained_press_does_nothing_even_while_somebody_waits() -> None:
    home = Home()
    home.hear(visitor())
    assert home.press(FRONT, "let_in", retained=True) is None
    assert home.press(FRONT, "let_in", "r1", retained=True) is None
    assert home.press(FRONT, "let_in") is not None


def test_a_press_for_the_ring_before_does_nothing() -> None:
    """Such as from a notification that still stands on a phone."""
    home = Home()
    home.hear(visitor("r1"), visitor("r2"))
    assert home.press(FRONT, "let_in", "r1") is None
    assert home.visit()["answer"] == "nobody_waits"
    assert home.press(FRONT, "let_in", "r2").ring == "r2"


def test_a_press_that_a_line_held_back_lets_in_nobody_else() -> None:
    """Pressed for who was shown then, it arrives when somebody else waits."""
    home = Home()
    home.hear(visitor("r1"))
    held_back = Incoming(TOPICS.of(FRONT, "let_in"), home.visit()["ring"].encode(), False)
    home.hear(Missed("r1", "Front door", "stranger"), visitor("r2"))
    assert home.buttons.press(held_back, home.now)[0] is None
    home.later(30)
    assert home.buttons.press(held_back, home.now)[0] is None


def test_a_press_that_names_no_ring_lets_nobody_in_but_may_decline() -> None:
    """For whom it was meant, nobody knows: it may have been under way for long."""
    home = Home()
    home.hear(visitor())
    home.later(30)
    assert home.press(FRONT, "let_in", "PRESS") is None
    assert (home.visit()["visit"], home.visit()["answer"]) == ("waiting", "no_ring")
    assert home.press(FRONT, "decline", "PRESS").ring == "r1"


def test_nobody_waits_before_the_cloud_asks_nor_after_the_time_is_over() -> None:
    home = Home()
    home.hear(pressed())
    assert home.press(FRONT, "let_in") is None
    home.hear(visitor(seconds=60))
    home.later(60)
    assert home.press(FRONT, "let_in") is None
    assert home.visit()["visit"] == "none"


def test_a_press_that_led_to_nothing_is_over_after_a_while() -> None:
    home = Home()
    home.hear(pressed())
    home.later(RINGING_SECONDS)
    assert home.visit()["visit"] == "none"


def test_news_that_overtook_each_other_make_nobody_wait_again() -> None:
    home = Home()
    home.hear(visitor(), Declined("r1", "Anna"), visitor())
    assert home.visit()["visit"] == "declined"
    assert home.press(FRONT, "let_in") is None


def test_two_presses_are_one_answer() -> None:
    home = Home()
    home.hear(visitor())
    assert home.press(FRONT, "let_in") is not None
    assert home.press(FRONT, "decline") is None
    assert home.visit()["answer"] == "sent"


@pytest.mark.parametrize("error", ["too_late", "already_answered", "not_waiting", "not_allowed"])
def test_an_answer_that_is_not_taken_says_why_and_nobody_waits_any_more(error: str) -> None:
    home = Home()
    home.hear(visitor())
    home.press(FRONT, "let_in")
    home.fails(error)
    assert (home.visit()["visit"], home.visit()["answer"]) == ("none", error)
    assert home.press(FRONT, "let_in") is None


def test_after_try_again_the_button_may_be_pressed_again() -> None:
    home = Home()
    home.hear(visitor())
    home.press(FRONT, "let_in")
    home.fails("try_again")
    assert (home.visit()["visit"], home.visit()["answer"]) == ("waiting", "try_again")
    assert home.press(FRONT, "let_in") is not None


def test_an_error_without_an_answer_is_not_the_doors() -> None:
    home = Home()
    home.hear(visitor())
    home.fails("try_again")
    assert "answer" not in home.visit()


def test_an_error_after_the_visit_has_ended_changes_nothing() -> None:
    home = Home()
    home.hear(visitor())
    home.press(FRONT, "let_in")
    home.hear(DoorOpened("r1", "Phone"))
    home.buttons.settled("r1")
    home.fails("already_answered")
    assert home.visit()["visit"] == "opened"


def test_an_answer_that_was_lost_with_the_line_can_be_given_again() -> None:
    home = Home()
    home.hear(visitor())
    home.press(FRONT, "let_in")
    home.told += home.house.lost_sight()
    home.buttons.lost_sight()
    assert home.press(FRONT, "let_in") is None
    home.hear(visitor(seconds=30))
    assert home.press(FRONT, "let_in") is not None


def test_without_a_line_the_press_says_so() -> None:
    home = Home()
    home.hear(visitor())
    press, _ = home.buttons.press(Incoming(TOPICS.of(FRONT, "let_in"), b"r1", False), home.now)
    assert press is not None
    home.told += home.buttons.sent(press, arrived=False)
    assert home.visit()["answer"] == "no_line"
    assert home.press(FRONT, "let_in") is not None


@given(st.text(max_size=20), st.binary(max_size=20))
def test_whatever_else_is_published_answers_nothing(topic: str, payload: bytes) -> None:
    home = Home()
    home.hear(visitor())
    assert home.buttons.press(Incoming(topic, b"r1", False), 0) == (None, [])
    if payload != b"r1":
        press, _ = home.buttons.press(Incoming(TOPICS.of(FRONT, "let_in"), payload, False), 0)
        assert press is None


# --- limits ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        Code("r1", "042137", 120, "Front door", "Ada"),
        Enrolled("Ada", 1),
        HelloAnswer("phone", 0),
        Pong(0),
        Error("not_json", "x"),
    ],
)
def test_what_is_nobodys_business_here_is_not_told(message: Message) -> None:
    home = Home()
    home.hear(message)
    assert home.told == []


def test_a_home_has_a_bounded_number_of_doors() -> None:
    home = Home()
    for number in range(MOST_DOORS * 2):
        home.hear(pressed(f"r{number}", f"Door {number}"))
        home.hear(visitor(f"r{number}", f"Door {number}"))
        home.hear(Missed(f"r{number}", f"Door {number}", "late"))
    rings = [each for each in home.told if each.topic.endswith("/ring")]
    assert len(rings) == MOST_DOORS


def test_years_of_rings_are_not_remembered() -> None:
    doors = Doors(TOPICS, 5)
    house = House(Described(TOPICS, "1"), doors)
    for number in range(REMEMBERED * 3):
        house.hear(pressed(f"r{number}"), 0)
    assert not doors.knows("r0")
    assert doors.knows(f"r{REMEMBERED * 3 - 1}")


def test_a_deleted_door_comes_back_with_its_next_ring() -> None:
    home = Home()
    home.hear(visitor())
    home.house.learn(TOPICS.config("event", FRONT, "ring"), b"")
    assert home.house.everything() == []
    assert home.press(FRONT, "let_in") is None
    home.hear(visitor("r2"))
    assert home.press(FRONT, "let_in").ring == "r2"


DOORS = st.sampled_from(["Front door", "Back door"])
RINGS = st.sampled_from(["r1", "r2", "r3"])
NEWS = st.one_of(
    st.builds(Pressed, RINGS, DOORS),
    st.builds(Visitor, RINGS, DOORS, st.just("stranger"), st.integers(0, 60)),
    st.builds(Missed, RINGS, DOORS, st.just("late")),
    st.builds(DoorOpened, st.one_of(st.none(), RINGS), st.just("code")),
    st.builds(Declined, RINGS, st.just("Anna")),
    st.builds(NotOpened, st.one_of(st.none(), RINGS)),
)


@given(st.lists(st.one_of(NEWS, st.floats(0, 100)), max_size=30))
def test_in_whatever_order_news_come_a_button_answers_only_the_last_ring_that_waits(
    news: list[Message | float],
) -> None:
    home = Home()
    for each in news:
        if isinstance(each, float):
            home.later(each)
        else:
            home.hear(each)
    home.later(0)
    for door in (FRONT, BACK):
        waiting = home.of(door, "visit") and home.visit(door)["visit"] == "waiting"
        answer = home.press(door, "let_in")
        assert bool(answer) is bool(waiting)
        assert answer is None or answer.ring == home.visit(door)["ring"]
