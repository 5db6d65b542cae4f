"""A resident's ring: a code for the phone, a welcome at the door."""

from __future__ import annotations

import pytest

from doorbell.events import RingDecided
from doorbell.passcode import digest
from doorbell.protocol import Code, Welcome
from doorbell.resident import Issued, issue_code
from doorbell.settings import Settings
from tests.fakes import (
    ADA,
    BOB,
    DOOR,
    FOREIGN_PHONE,
    KEY,
    KITCHEN,
    FakeServices,
    a_ring,
    keep_ring,
    make_services,
)


def with_ada() -> FakeServices:
    """A house with a ring, and a face that is Ada's."""
    made = make_services()
    keep_ring(made)
    made.residents.add_face("home", "Ada", "face-a", "residents/home/Ada/1.jpeg")
    return made


def test_a_resident_gets_a_code_on_own_and_household_phones_and_nowhere_else() -> None:
    made = with_ada()
    door = made.connect(DOOR)
    mine = [made.connect(ADA), made.connect(KITCHEN)]
    others = [made.connect(BOB), made.connect(FOREIGN_PHONE)]
    assert issue_code(made.services, "home", "ring-1", "face-a") == Issued(2)
    told = Code("ring-1", "042137", 120, "Front", "Ada")
    assert all(made.heard(phone) == [told] for phone in mine)
    assert not any(made.heard(phone) for phone in others)
    assert made.heard(door) == [Welcome("ring-1")]
    assert made.bus.events == [RingDecided("home", "front", "ring-1", "resident")]


def test_what_is_kept_of_a_code_is_its_digest() -> None:
    made = with_ada()
    made.connect(ADA)
    issue_code(made.services, "home", "ring-1", "face-a")
    (kept,) = made.passcodes.kept.values()
    assert kept.hashes == (digest("042137", KEY, "home", "front", "ring-1"),)
    assert kept.expires_at == made.clock() + 120
    for trace in (made.passcodes.kept, made.bus.events, made.rings.kept, made.opens.kept):
        assert "042137" not in repr(trace)


def test_a_code_that_reaches_no_phone_of_the_residents_is_withdrawn() -> None:
    made = with_ada()
    for phone in (BOB, FOREIGN_PHONE):
        made.connect(phone)
    door = made.connect(DOOR)
    gone = made.connect(ADA)
    made.sockets.gone.add(gone.id)
    assert issue_code(made.services, "home", "ring-1", "face-a") == Issued(0, "no_phone")
    assert made.passcodes.kept == {}
    assert made.heard(door) == []


@pytest.mark.parametrize(("home", "face"), [("home", "face-b"), ("away", "face-a")])
def test_a_face_that_is_nobodys_here_makes_no_code(home: str, face: str) -> None:
    made = with_ada()
    keep_ring(made, a_ring()._replace(home="away", id="ring-1"))
    made.connect(ADA)
    assert issue_code(made.services, home, "ring-1", face) == Issued(0, "stranger")
    assert made.passcodes.kept == {}


@pytest.mark.parametrize("name", [True, False])
@pytest.mark.parametrize("code", [True, False])
def test_the_door_learns_name_and_code_only_where_that_is_wanted(name: bool, code: bool) -> None:
    made = with_ada()
    made.settings = Settings(show_name_at_door=name, show_code_at_door=code)
    door = made.connect(DOOR)
    made.connect(ADA)
    issue_code(made.services, "home", "ring-1", "face-a")
    shown = [Code("ring-1", "042137", 120)] if code else []
    assert made.heard(door) == [Welcome("ring-1", "Ada" if name else None), *shown]


def test_a_second_press_rings_although_it_is_the_residents_and_its_code_works_too() -> None:
    """Somebody who presses again does not see the first code."""
    made = with_ada()
    door, phone = made.connect(DOOR), made.connect(ADA)
    assert issue_code(made.services, "home", "ring-1", "face-a") == Issued(1)
    made.clock.now += 30
    keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))
    assert issue_code(made.services, "home", "ring-2", "face-a") == Issued(0, "no_phone")
    assert [type(said) for said in made.heard(phone)] == [Code, Code]
    assert made.heard(door) == [Welcome("ring-1"), Welcome("ring-2")]


def test_once_the_first_code_is_used_or_dead_a_press_is_a_first_one_again() -> None:
    made = with_ada()
    made.connect(ADA)
    issue_code(made.services, "home", "ring-1", "face-a")
    made.clock.now += 120
    keep_ring(made, a_ring("ring-2", pressed_at=made.clock()))
    assert issue_code(made.services, "home", "ring-2", "face-a") == Issued(1)
