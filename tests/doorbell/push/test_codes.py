"""A resident's code for phones in pockets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.events import RingDecided
from doorbell.protocol import Open, Refused, Welcome
from doorbell.push.codes import Pushed, push_anew, push_code
from doorbell.push.model import Taken
from doorbell.resident import code_arrived
from tests.fakes import (
    ADA,
    BACK_DOOR,
    BOB,
    DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    NOON,
    a_ring,
    enrol_face,
    keep_ring,
)
from tests.jobs import issue_code, type_code
from tests.push_fakes import Pockets, pockets

if TYPE_CHECKING:
    from doorbell.model import Connection, Device


@pytest.fixture
def house() -> Pockets:
    """A ring, a face that is Ada's, and a door that listens."""
    house = pockets()
    keep_ring(house.made)
    enrol_face(house.made, "Ada", "face-a")
    return house


def push(house: Pockets, ring: str = "ring-1", face: str = "face-a") -> Pushed:
    """The state machine has a code pushed."""
    return push_code(house.pushing, "home", "front", ring, face)


def last(house: Pockets, endpoint: str) -> Any:
    return json.loads(house.sent_to(endpoint)[-1].content)


@pytest.mark.parametrize("phone", [ADA, KITCHEN])
def test_a_code_that_is_taken_keeps_the_bell_quiet_and_welcomes(
    house: Pockets, phone: Device
) -> None:
    door, endpoint = house.made.connect(DOOR), house.subscribe(phone)
    assert push(house) == "quiet"
    pushed = last(house, endpoint)
    assert pushed == {
        "type": "code", "door": "Front", "at": NOON, "ring": "ring-1", "resident": "Ada",
        "code": "042137", "expires_at": NOON + 120, "silent": False, "on_lock_screen": False,
    }  # fmt: skip
    assert house.made.heard(door) == [Welcome("ring-1")]
    assert house.made.bus.events == [RingDecided("home", "front", "ring-1", "resident")]
    assert house.made.rings.kept["home", "ring-1"].decision == "resident"
    type_code(house.made.services, DOOR, pushed["code"])
    assert isinstance(house.made.heard(door)[-1], Open)


def test_whose_owner_wants_it_may_read_it_on_the_lock_screen(house: Pockets) -> None:
    endpoint = house.subscribe(ADA, on_lock_screen=True)
    push(house)
    assert last(house, endpoint)["on_lock_screen"] is True


def test_nobody_else_is_sent_a_code(house: Pockets) -> None:
    others = [house.subscribe(BOB), house.subscribe(FOREIGN_PHONE)]
    assert push(house) == "no_phone"
    assert [house.sent_to(each) for each in others] == [[], []]
    assert house.made.passcodes.kept == {}


def test_a_code_that_nobody_took_opens_nothing(house: Pockets) -> None:
    door, endpoint = house.made.connect(DOOR), house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(503)]
    assert push(house) == "no_phone"
    assert house.made.heard(door) == []
    type_code(house.made.services, DOOR, last(house, endpoint)["code"])
    assert isinstance(house.made.heard(door)[-1], Refused)


def test_push_services_are_asked_for_three_seconds(house: Pockets) -> None:
    """Somebody waits at the door."""
    house.push.answers[house.subscribe(ADA)] = [Taken(503)]
    push(house)
    assert house.made.clock() - NOON <= 3


def test_a_face_that_is_nobodys_any_more_is_a_strangers(house: Pockets) -> None:
    house.subscribe(ADA)
    assert push(house, face="face-b") == "stranger"
    assert house.push.sent == []


def test_a_job_that_is_repeated_sends_no_second_code(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    assert [push(house), push(house)] == ["quiet", "quiet"]
    assert len(house.sent_to(endpoint)) == 1


def test_a_phone_that_opened_the_app_meanwhile_keeps_its_code(house: Pockets) -> None:
    """No push service took one, but `hello` did bring one, and the phone says so."""
    house.push.answers[house.subscribe(ADA)] = [Taken(400)]
    phone = house.made.connect(ADA)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")

    def opens_the_app() -> None:
        code_arrived(house.made.services, phone, house.made.rings.find("home", "ring-1"))

    house.push.before = opens_the_app
    assert push(house) == "quiet"
    assert house.made.passcodes.kept


def test_a_second_press_rings_while_the_first_code_was_never_typed(house: Pockets) -> None:
    """The phone lies in another room, perhaps: the new code opens all the same."""
    endpoint, door = house.subscribe(ADA), house.made.connect(DOOR)
    push(house)
    house.made.clock.now += 10
    keep_ring(house.made, a_ring("ring-2", pressed_at=NOON + 10))
    assert push(house, "ring-2") == "no_phone"
    type_code(house.made.services, DOOR, last(house, endpoint)["code"])
    assert isinstance(house.made.heard(door)[-1], Open)


def frozen(house: Pockets) -> Connection:
    """A phone whose socket took the code, and which shows nothing: the bell has rung."""
    phone = house.made.connect(ADA)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    return phone


def test_a_phone_that_froze_is_pushed_a_fresh_code(house: Pockets) -> None:
    door, endpoint = house.made.connect(DOOR), house.subscribe(ADA)
    frozen(house)
    found = house.made.rings.kept["home", "ring-1"]
    assert push_anew(house.pushing, found) == {ADA.id}
    type_code(house.made.services, DOOR, last(house, endpoint)["code"])
    assert isinstance(house.made.heard(door)[-1], Open)


def test_no_fresh_code_for_a_ring_that_has_none_or_has_enough(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    assert push_anew(house.pushing, a_ring()) == frozenset()
    frozen(house)
    found = house.made.rings.kept["home", "ring-1"]
    for _ in range(9):
        push_anew(house.pushing, found)
    assert len(house.sent_to(endpoint)) == 4, "five codes a ring at most, with the first"
    house.made.clock.now += 121
    push_anew(house.pushing, found)
    assert len(house.sent_to(endpoint)) == 4


def test_the_door_that_rang_is_welcomed_and_no_other(house: Pockets) -> None:
    other = house.made.connect(BACK_DOOR)
    door = house.made.connect(DOOR)
    house.subscribe(ADA)
    push(house)
    assert house.made.heard(door) == [Welcome("ring-1")]
    assert house.made.heard(other) == []


def test_a_fresh_code_is_never_another_rings(house: Pockets) -> None:
    """The first one has ended, for a younger ring has its own."""
    house.made.connect(ADA)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    house.made.clock.now += 6
    keep_ring(house.made, a_ring("ring-2", pressed_at=house.made.clock()))
    issue_code(house.made.services, "home", "ring-2", "face-a", "token")
    house.subscribe(ADA)
    assert push_anew(house.pushing, house.made.rings.kept["home", "ring-1"]) == frozenset()
    assert house.push.sent == []


def test_a_fresh_code_is_drawn_for_somebody_and_sounds(house: Pockets) -> None:
    house.made.connect(ADA)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    found = house.made.rings.kept["home", "ring-1"]
    assert push_anew(house.pushing, found) == frozenset()
    (kept,) = house.made.passcodes.kept.values()
    assert len(kept.hashes) == 1, "each one more makes guessing easier"
    endpoint = house.subscribe(ADA)
    assert push_anew(house.pushing, found) == {ADA.id}
    assert last(house, endpoint)["silent"] is False
