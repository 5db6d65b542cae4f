"""Push: the state machine hears whether a push service has the code, and never the code."""

from __future__ import annotations

import pytest

from functions.push import push_code
from tests.fakes import ADA, enrol_face, keep_ring
from tests.push_fakes import Pockets, pockets

EVENT = {
    "do": "push_code",
    "key": "guest/home/ring-1/photo.jpeg",
    "door": "front",
    "face": "face-a",
    "token": "token",
}


@pytest.fixture
def house() -> Pockets:
    """A ring, and a face that is Ada's."""
    house = pockets()
    keep_ring(house.made)
    enrol_face(house.made, "Ada", "face-a")
    return house


def test_a_code_that_was_taken_ends_the_wait_well_and_stands_in_no_answer(house: Pockets) -> None:
    house.subscribe(ADA)
    push_code.handle(house.pushing, EVENT)
    assert house.made.waits.resumed == [("token", {"answer": "pushed", "by": ""})]


@pytest.mark.parametrize(
    ("face", "error"), [("face-a", "no_phone"), ("face-of-nobody", "stranger")]
)
def test_what_could_not_be_pushed_says_why_the_bell_must_ring(
    house: Pockets, face: str, error: str
) -> None:
    push_code.handle(house.pushing, {**EVENT, "face": face})
    assert house.made.waits.failed == [("token", error)]


def test_a_machine_that_waits_no_longer_is_no_error(house: Pockets) -> None:
    """It has rung; the code that was pushed opens all the same."""
    house.subscribe(ADA)
    house.made.waits.over.add("token")
    push_code.handle(house.pushing, EVENT)
    assert house.made.passcodes.kept


def test_what_is_no_photo_of_a_ring_is_refused(house: Pockets) -> None:
    with pytest.raises(ValueError, match="no photo of a ring"):
        push_code.handle(house.pushing, {**EVENT, "key": "residents/home/Ada/1.jpeg"})
