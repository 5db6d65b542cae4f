"""The bus hears of each object once, however it came."""

from __future__ import annotations

import pytest

from doorbell.cameras.receiving import receive
from doorbell.cameras.telling import object_came, trouble
from doorbell.events import CameraTrouble, PictureReceived
from tests.doorbell.cameras.fakes import GATE, FakeReception, sent
from tests.fakes import CAMERA, DOOR, NOON


def test_a_picture_is_told_with_camera_key_and_time() -> None:
    made = FakeReception()
    key = receive(made.reception, CAMERA, sent()).key
    assert object_came(made.reception, key)
    assert made.house.bus.events == [PictureReceived("home", "camera", key, NOON, "picture")]


def test_a_picture_that_rang_is_told_with_its_ring() -> None:
    made = FakeReception()
    received = receive(made.reception, GATE, sent())
    assert received.pressed
    object_came(made.reception, received.key)
    told = made.house.bus.events[-1]
    assert isinstance(told, PictureReceived)
    assert (told.door, told.ring) == (DOOR.id, received.pressed.ring)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("clips/home/camera/2023/11/14/221320-000-x.mp4", "clip"),
        ("bursts/home/camera/2023/11/14/221320-000-x.mjpeg", "burst"),
    ],
)
def test_what_a_device_uploaded_itself_is_told_too(key: str, kind: str) -> None:
    made = FakeReception()
    made.bucket.put(key, b"", "", {})
    object_came(made.reception, key)
    (told,) = made.house.bus.events
    assert isinstance(told, PictureReceived)
    assert (told.kind, told.at) == (kind, NOON)


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


def test_trouble_is_passed_on() -> None:
    made = FakeReception()
    event = CameraTrouble("home", "camera", "disk_full", NOON, 3)
    trouble(made.reception, event)
    assert made.house.bus.events == [event]
