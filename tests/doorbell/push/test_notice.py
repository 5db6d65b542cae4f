"""Which notice an event of the bus gives."""

from __future__ import annotations

from typing import Any

import pytest

from doorbell.push.model import Notice
from doorbell.push.notice import WORTH_KNOWING, notice_of
from doorbell.push.words import words_of
from tests.fakes import NOON, a_ring, keep_ring
from tests.push_fakes import Pockets, pockets

RING: dict[str, Any] = {"home": "home", "door": "front", "ring": "ring-1"}
PHOTO = "https://get/guest/home/ring-1/photo.jpeg?3600"


@pytest.fixture
def house() -> Pockets:
    """Somebody has pressed."""
    house = pockets()
    keep_ring(house.made)
    return house


def told(house: Pockets, name: str, at: float = NOON, **detail: Any) -> Notice | None:
    return notice_of(house.pushing, name, {**RING, **detail}, at)


def test_a_press_is_told_at_once_for_as_long_as_it_is_news(house: Pockets) -> None:
    expected = Notice("pressed", "home", "Front", NOON, NOON + 60, "ring-1")
    assert told(house, "RingPressed", kind="new") == expected
    assert told(house, "RingPressed", kind="limited") == expected


def test_a_repeat_is_told_by_the_bell_alone(house: Pockets) -> None:
    assert told(house, "RingPressed", kind="repeat") is None


def test_a_press_of_long_ago_is_only_missed(house: Pockets) -> None:
    notice = told(house, "RingPressed", kind="late")
    assert notice
    assert (notice.type, notice.reason, notice.at) == ("missed", "late", NOON)
    assert notice.news_until == NOON + WORTH_KNOWING


def test_a_visitor_has_photo_reason_and_the_time_left(house: Pockets) -> None:
    house.made.rings.ask(a_ring(), "stranger", NOON + 60, "token")
    assert told(house, "RingDecided", decision="stranger") == Notice(
        "visitor", "home", "Front", NOON, NOON + 60, "ring-1", "stranger", PHOTO, NOON + 60
    )


def test_a_visitor_without_a_photo_has_none(house: Pockets) -> None:
    house.made.rings.ask(a_ring(), "no_photo", NOON + 60, "token")
    notice = told(house, "RingDecided", decision="no_photo")
    assert notice
    assert notice.photo is None


def test_who_is_answered_already_is_no_news(house: Pockets) -> None:
    """The end has a notice of its own."""
    house.made.rings.ask(a_ring(), "stranger", NOON + 60, "token")
    house.made.rings.answer("home", "ring-1", "let_in", "Ada", NOON)
    answered = house.made.rings.kept["home", "ring-1"]
    house.made.rings.kept["home", "ring-1"] = answered._replace(code_for="Ada")
    assert told(house, "RingDecided", decision="stranger") is None


def test_a_resident_is_told_by_name_and_without_the_code(house: Pockets) -> None:
    house.made.rings.kept["home", "ring-1"] = a_ring()._replace(code_for="Ada")
    assert told(house, "RingDecided", decision="resident") == Notice(
        "resident", "home", "Front", NOON, NOON + 120, "ring-1", resident="Ada"
    )


@pytest.mark.parametrize("outcome", ["declined", "not_opened"])
def test_an_end_is_told_with_who_brought_it_about(house: Pockets, outcome: str) -> None:
    notice = told(house, "RingEnded", NOON + 20, outcome=outcome, by="Ada")
    until = NOON + 20 + WORTH_KNOWING
    expected = Notice("declined", "home", "Front", NOON + 20, until, "ring-1", by="Ada")
    assert notice == expected._replace(type=outcome)  # type: ignore[arg-type]


def test_a_missed_ring_has_its_reason_and_its_photo(house: Pockets) -> None:
    house.made.rings.ask(a_ring(), "no_face", NOON + 60, None)
    notice = told(house, "RingEnded", outcome="missed")
    assert notice
    assert (notice.type, notice.reason, notice.photo) == ("missed", "no_face", PHOTO)


def test_a_ring_that_nobody_was_asked_about_came_late(house: Pockets) -> None:
    notice = told(house, "RingEnded", outcome="missed")
    assert notice
    assert notice.reason == "late"


def test_an_open_door_says_who_opened_it(house: Pockets) -> None:
    notice = told(house, "DoorOpened", by="code", open="o")
    assert notice
    assert (notice.type, notice.by, notice.ring) == ("opened", "code", "ring-1")


def test_a_guest_who_came_in_by_pin_has_no_ring(house: Pockets) -> None:
    notice = told(house, "DoorOpened", by="Aunt", open="o", ring=None)
    assert notice
    assert (notice.type, notice.by, notice.ring, notice.door) == ("opened", "Aunt", None, "Front")
    assert notice.news_until == NOON + WORTH_KNOWING


def test_a_door_that_is_away_is_told_by_its_name(house: Pockets) -> None:
    for name, kind in {"DoorOffline": "door_offline", "DoorOnline": "door_online"}.items():
        notice = told(house, name, since=NOON - 600)
        assert notice
        assert (notice.type, notice.door, notice.since) == (kind, "Front", NOON - 600)
        assert notice.news_until == NOON + WORTH_KNOWING


def test_a_door_that_was_revoked_is_told_by_its_id(house: Pockets) -> None:
    notice = notice_of(
        house.pushing, "DoorOffline", {"home": "home", "door": "gone", "since": NOON}, NOON
    )
    assert notice
    assert notice.door == "gone"


@pytest.mark.parametrize("name", ["RingPressed", "RingDecided", "RingEnded", "DoorOpened"])
def test_a_ring_that_nobody_knows_is_no_news(name: str) -> None:
    detail = {**RING, "kind": "new", "decision": "stranger", "outcome": "missed", "by": "code"}
    assert notice_of(pockets().pushing, name, detail, NOON) is None


@pytest.mark.parametrize("what", ["disk_full", "unreachable", "refused"])
def test_a_camera_that_cannot_keep_its_pictures_is_told_by_its_name(
    house: Pockets, what: str
) -> None:
    detail = {"home": "home", "camera": "camera", "what": what, "since": NOON - 60, "dropped": 3}
    notice = notice_of(house.pushing, "CameraTrouble", detail, NOON)
    assert notice
    told_of = (notice.type, notice.door, notice.trouble, notice.dropped, notice.ring)
    assert told_of == ("camera_trouble", "Camera", what, 3, None)
    assert (notice.since, notice.news_until) == (NOON - 60, NOON + WORTH_KNOWING)
    words = words_of(notice)
    assert words
    assert words.title == "Camera has a problem"
    assert words.text


def test_a_camera_that_was_removed_is_told_by_its_id(house: Pockets) -> None:
    detail = {"home": "home", "camera": "gone", "what": "refused", "since": NOON, "dropped": 0}
    notice = notice_of(house.pushing, "CameraTrouble", detail, NOON)
    assert notice
    assert notice.door == "gone"
