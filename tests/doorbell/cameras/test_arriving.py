"""S3 says that something is there: the bus hears of it once, and what nobody has looked at is."""

from __future__ import annotations

import pytest

from doorbell.cameras.arriving import object_came
from doorbell.cameras.keys import key_of
from doorbell.cameras.receiving import receive
from doorbell.events import CameraTrouble, PictureReceived, RingPressed
from doorbell.settings import Settings
from tests.doorbell.cameras.fakes import GATE, FakeReception, picture, sent
from tests.fakes import CAMERA, DOOR, NOON


def uploaded(made: FakeReception, body: bytes, camera: str = "camera", at: float = NOON) -> str:
    """A picture that a device has put by itself; its key."""
    key = key_of(CAMERA._replace(id=camera), "image/jpeg", at, "relayed")
    made.bucket.put(key, body, "image/jpeg", {})
    return key


# --- what the bus hears ----------------------------------------------------------------


def test_a_picture_is_told_with_camera_key_and_time() -> None:
    made = FakeReception()
    key = receive(made.reception, CAMERA, sent()).key
    assert object_came(made.reception, key)
    assert made.house.bus.events == [PictureReceived("home", "camera", key, NOON, "picture")]


def test_a_picture_that_rang_is_told_with_its_ring_and_does_not_ring_again() -> None:
    made = FakeReception()
    received = receive(made.reception, GATE, sent())
    assert received.pressed
    object_came(made.reception, received.key)
    pressed, told = made.house.bus.events
    assert isinstance(pressed, RingPressed)
    assert isinstance(told, PictureReceived)
    assert (told.door, told.ring) == (DOOR.id, received.pressed.ring)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("clips/home/camera/2023/11/14/221320-000-x.mp4", "clip"),
        ("clips/home/gate/2023/11/14/221320-000-x.mkv", "clip"),
        ("bursts/home/gate/2023/11/14/221320-000-x.mjpeg", "burst"),
    ],
)
def test_clips_and_bursts_are_told_as_they_are_and_never_ring(key: str, kind: str) -> None:
    made = FakeReception()
    made.bucket.put(key, b"whatever", "", {})
    object_came(made.reception, key)
    (told,) = made.house.bus.events
    assert isinstance(told, PictureReceived)
    assert (told.kind, told.at, told.ring) == (kind, NOON, None)


@pytest.mark.parametrize(
    "key",
    [
        "pictures/home/camera/2023/11/14/221320-000-gone.jpeg",
        "pictures/by-hand.jpeg",
        "clips/home/camera/x.mp4",
    ],
)
def test_what_is_gone_again_or_no_camera_s_is_not_told(key: str) -> None:
    made = FakeReception()
    if "gone" not in key:
        made.bucket.put(key, b"", "", {})
    assert not object_came(made.reception, key)
    assert made.house.bus.events == []


def test_a_bus_that_refuses_has_it_told_again() -> None:
    """The rule repeats what failed; a picture that nobody heard of would be in no film."""
    made = FakeReception()
    key = receive(made.reception, CAMERA, sent()).key
    made.house.bus.refuses = ConnectionError()
    with pytest.raises(ConnectionError):
        object_came(made.reception, key)


# --- what a device has put by itself ----------------------------------------------------


def test_a_whole_picture_stays_as_it_was_put() -> None:
    made = FakeReception()
    key = uploaded(made, picture())
    assert object_came(made.reception, key)
    assert made.bucket.kept[key] == (picture(), "image/jpeg", {})


def test_a_damaged_one_is_written_anew_and_told_when_s3_tells_of_that() -> None:
    """As an Arduino sends it to a relay: a lost first byte, rubbish behind it."""
    made = FakeReception()
    key = uploaded(made, picture()[1:] + b"\x00\x17")
    assert not object_came(made.reception, key)
    assert made.bucket.kept[key] == (picture(), "image/jpeg", {"opened": "yes"})
    assert made.house.bus.events == []
    assert object_came(made.reception, key)
    assert [type(event) for event in made.house.bus.events] == [PictureReceived]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", picture((300, 200))[:-400]])
def test_what_cannot_be_opened_is_kept_nowhere_and_somebody_hears_of_it(body: bytes) -> None:
    made = FakeReception()
    key = uploaded(made, body)
    assert not object_came(made.reception, key)
    assert made.bucket.kept == {}
    assert made.house.bus.events == [CameraTrouble("home", "camera", "refused", NOON, 1)]
    assert not object_came(made.reception, key), "told twice, it is gone"
    assert len(made.house.bus.events) == 1


def test_it_rings_at_its_camera_s_door_like_one_that_came_directly() -> None:
    """Behind a relay a doorbell is a doorbell, too. The picture was taken seconds ago."""
    made = FakeReception()
    key = uploaded(made, picture(), "gate", at=NOON - 3)
    object_came(made.reception, key)
    pressed, told = made.house.bus.events
    assert isinstance(pressed, RingPressed)
    assert isinstance(told, PictureReceived)
    assert (told.door, told.ring) == (DOOR.id, pressed.ring)
    assert made.house.rings.kept["home", pressed.ring].pressed_at == NOON - 3
    assert made.bucket.kept[f"guest/home/{pressed.ring}/photo.jpeg"][0] == picture()


def test_told_twice_it_is_one_ring() -> None:
    made = FakeReception(Settings(ring_gap=0))
    key = uploaded(made, picture(), "gate")
    for _ in range(2):
        object_came(made.reception, key)
        made.house.clock.now += 10
    rung = {event.ring for event in made.house.bus.events if isinstance(event, RingPressed)}
    assert len(rung) == 1
    assert len(made.house.rings.kept) == 1


def test_a_picture_of_long_ago_rings_nobody() -> None:
    """A relay that was cut off for an hour has many of them, and nobody stands there any more."""
    made = FakeReception(Settings(late_after=60))
    object_came(made.reception, uploaded(made, picture(), "gate", at=NOON - 60.5))
    (told,) = made.house.bus.events
    assert isinstance(told, PictureReceived)
    assert told.ring is None


@pytest.mark.parametrize("why", ["no door", "plain", "revoked", "now a phone"])
def test_it_rings_only_where_its_camera_does(why: str) -> None:
    made = FakeReception()
    key = uploaded(made, picture(), "camera" if why == "no door" else "gate")
    if why == "plain":
        made.devices.mark_plain("home", "gate")
    if why in ("revoked", "now a phone"):
        made.devices.remove("home", "gate")
    if why == "now a phone":
        made.devices.add(GATE._replace(role="phone"))
    assert object_came(made.reception, key)
    assert [type(event) for event in made.house.bus.events] == [PictureReceived]


def test_a_picture_whose_ring_failed_when_it_came_rings_now() -> None:
    """The camera heard that it should try again, and may never do so."""
    made = FakeReception()
    made.bucket.broken["guest/"] = ConnectionError()
    made.house.bus.refuses = ConnectionError()
    with pytest.raises(Exception, match="could not be rung"):
        receive(made.reception, GATE, sent())
    made.bucket.broken.clear()
    made.house.bus.refuses = None
    made.house.clock.now += 6
    (key,) = made.bucket.keys
    object_came(made.reception, key)
    assert [type(event) for event in made.house.bus.events] == [RingPressed, PictureReceived]


def test_two_pictures_are_two_presses_and_one_that_is_told_twice_is_one() -> None:
    made = FakeReception()
    keys = [uploaded(made, picture(), "gate", NOON - ago) for ago in (20, 10)]
    for key in (*keys, keys[0]):
        object_came(made.reception, key)
    presses = {kept.press for kept in made.house.rings.kept.values()}
    assert len(presses) == 2
    assert None not in presses


def test_a_camera_whose_clock_is_ahead_rings_now() -> None:
    made = FakeReception()
    object_came(made.reception, uploaded(made, picture(), "gate", NOON + 5))
    (ring,) = made.house.rings.kept.values()
    assert ring.pressed_at == NOON


def test_what_goes_in_the_moment_it_is_looked_at_is_not_told() -> None:
    made = FakeReception()
    key = uploaded(made, picture())
    made.bucket.read = lambda key: None  # type: ignore[method-assign]
    assert not object_came(made.reception, key)
    assert made.house.bus.events == []
