"""A camera with a door: each of its pictures rings there like a press with that photo."""

from __future__ import annotations

import pytest

from doorbell.cameras.problems import Problem
from doorbell.cameras.receiving import Received, receive
from doorbell.events import RingPressed
from doorbell.settings import Settings
from tests.doorbell.cameras.fakes import GATE, FakeReception, picture, sent
from tests.fakes import CAMERA, DOOR, NOON

GUEST = "guest/home/{}/photo.jpeg"


def take(made: FakeReception, body: bytes | None = None) -> Received:
    """The gate's camera sends a picture."""
    return receive(made.reception, GATE, sent(body))


def photos(made: FakeReception) -> list[str]:
    """The photos of rings."""
    return [key for key in made.bucket.keys if key.startswith("guest/")]


def test_a_picture_rings_at_the_camera_s_door() -> None:
    """The ring is recorded, the bus hears of it, its photo is the picture; and it is kept."""
    made = FakeReception()
    received = take(made)
    (pressed,) = made.house.bus.events
    assert isinstance(pressed, RingPressed)
    assert pressed == RingPressed("home", DOOR.id, pressed.ring, "new", None, ticketed=True)
    recorded = made.house.rings.kept["home", pressed.ring]
    assert (recorded.door, recorded.door_name, recorded.pressed_at) == (DOOR.id, DOOR.name, NOON)
    assert made.bucket.kept[GUEST.format(pressed.ring)][0] == picture()
    _, _, facts = made.bucket.kept[received.key]
    assert facts == {"opened": "yes", "door": DOOR.id, "ring": pressed.ring}


def test_a_repaired_picture_is_what_rings() -> None:
    made = FakeReception()
    pressed = take(made, picture()[1:]).pressed
    assert pressed is not None
    assert made.bucket.kept[GUEST.format(pressed.ring)][0] == picture()


def test_a_camera_without_a_door_rings_nowhere() -> None:
    made = FakeReception()
    assert receive(made.reception, CAMERA, sent()).pressed is None
    assert made.house.rings.kept == {}


def test_pictures_within_the_gap_belong_to_the_ring_under_way() -> None:
    """All are kept; the first is the ring's photo, and one ring counts."""
    made = FakeReception(Settings(ring_gap=5))
    first = take(made).pressed
    made.house.clock.now += 4.9
    second = take(made, picture((80, 60))).pressed
    made.house.clock.now += 0.2
    third = take(made).pressed
    assert first
    assert second
    assert third
    assert (second.ring, second.kind) == (first.ring, "repeat")
    assert third.ring != first.ring
    assert made.bucket.kept[GUEST.format(first.ring)][0] == picture()
    assert len(made.bucket.keys) == 3 + 2


def test_a_ring_whose_first_photo_was_lost_gets_the_next_one() -> None:
    made = FakeReception(Settings(ring_gap=5))
    made.bucket.broken["guest/"] = ConnectionError()
    first = take(made).pressed
    made.bucket.broken.clear()
    take(made, picture((80, 60)))
    assert first
    assert made.bucket.kept[GUEST.format(first.ring)][0] == picture((80, 60))


def test_over_the_hourly_limit_it_still_rings_and_no_face_is_searched() -> None:
    """Of a `limited` ring the state machine searches no face: bell, `pressed` and photo go out."""
    made = FakeReception(Settings(ring_gap=0, rings_per_hour=2))
    kinds = []
    for _ in range(3):
        made.house.clock.now += 60
        pressed = take(made).pressed
        kinds.append(pressed and pressed.kind)
    assert kinds == ["new", "new", "limited"]
    assert len(photos(made)) == 3


def test_a_camera_and_the_door_s_own_button_count_together() -> None:
    made = FakeReception(Settings(ring_gap=5))
    take(made)
    assert made.house.rings.door_state("home", DOOR.id).rung_at == (NOON,)


def test_a_token_that_was_carried_in_plain_never_rings_again() -> None:
    made = FakeReception()
    made.devices.mark_plain("home", GATE.id)
    received = take(made)
    assert received.pressed is None
    assert made.bucket.keys == [received.key]
    assert made.house.bus.events == []


@pytest.mark.parametrize("door", ["nobody", "kitchen", "camera", "gate"])
def test_only_a_door_is_rung_at(door: str) -> None:
    """A door that was revoked, or a name that is another device's: the picture is kept."""
    made = FakeReception()
    camera = GATE._replace(door=door)
    assert receive(made.reception, camera, sent()).pressed is None
    assert made.house.bus.events == []
    assert len(made.bucket.keys) == 1


def test_a_picture_that_cannot_be_opened_rings_nowhere() -> None:
    made = FakeReception()
    with pytest.raises(Problem):
        take(made, b"\xff\xd8\xff\xe0")
    assert made.house.rings.kept == {}
    assert made.house.bus.events == []


# --- when something fails -------------------------------------------------------------


def test_without_its_photo_the_ring_stands() -> None:
    """`watch` rings with `no_photo`; the picture is kept."""
    made = FakeReception()
    made.bucket.broken["guest/"] = ConnectionError()
    received = take(made)
    assert [type(event) for event in made.house.bus.events] == [RingPressed]
    assert made.bucket.keys == [received.key]


def test_without_the_bus_the_photo_starts_the_decision() -> None:
    made = FakeReception()
    made.house.bus.refuses = ConnectionError()
    received = take(made)
    assert received.pressed
    assert photos(made) == [GUEST.format(received.pressed.ring)]


def test_without_both_the_camera_hears_that_it_should_try_again_and_the_picture_is_kept() -> None:
    made = FakeReception()
    made.bucket.broken["guest/"] = ConnectionError()
    made.house.bus.refuses = ConnectionError()
    with pytest.raises(Problem) as refused:
        take(made)
    assert refused.value.name == "try_again"
    assert len(made.bucket.keys) == 1


def test_a_ring_that_cannot_be_recorded_is_told_and_the_picture_is_kept() -> None:
    made = FakeReception()

    def record(*_: object, **__: object) -> None:
        raise ConnectionError

    made.house.rings.record = record  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        take(made)
    assert len(made.bucket.keys) == 1


def test_what_has_rung_stands_even_if_the_picture_cannot_be_kept() -> None:
    made = FakeReception()
    made.bucket.broken["pictures/"] = ConnectionError()
    with pytest.raises(ConnectionError):
        take(made)
    assert [type(event) for event in made.house.bus.events] == [RingPressed]
    assert len(photos(made)) == 1
