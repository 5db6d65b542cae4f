"""What a camera sends is kept once, as it was sent, or refused and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.cameras.problems import Problem, ProblemName
from doorbell.cameras.receiving import LARGEST, receive
from tests.doorbell.cameras.fakes import FakeReception, picture, sent
from tests.fakes import CAMERA, NOON

if TYPE_CHECKING:
    from doorbell.cameras.model import Delivery

MKV = b"\x1a\x45\xdf\xa3 and what follows\xff\xd9\x00"


def test_a_picture_is_kept_as_it_was_sent() -> None:
    made = FakeReception()
    received = receive(made.reception, CAMERA, sent(picture((320, 240)), "image26-11-20_00001.jpg"))
    assert received.pressed is None
    assert received.key == "pictures/home/camera/2023/11/14/221320-000-image26-11-20_00001.jpeg"
    kept = (picture((320, 240)), "image/jpeg", {"opened": "yes"})
    assert made.bucket.kept == {received.key: kept}


def test_a_damaged_picture_is_kept_repaired() -> None:
    made = FakeReception()
    received = receive(made.reception, CAMERA, sent(picture()[1:] + b"\x00" * 300))
    assert made.bucket.kept[received.key][0] == picture()


def test_what_came_in_the_same_millisecond_under_the_same_name_is_kept_beside_it() -> None:
    """Nothing is ever written over."""
    made = FakeReception()
    keys = [receive(made.reception, CAMERA, sent()).key for _ in range(3)]
    assert [key[-17:-11] for key in keys] == ["20-000", "20-001", "20-002"]
    assert made.bucket.keys == keys


def test_a_camera_that_sends_more_than_fits_is_told_so() -> None:
    made = FakeReception()
    for _ in range(100):
        receive(made.reception, CAMERA, sent())
    assert _refused(made, sent()) == "try_again"
    made.house.clock.now = NOON + 1
    receive(made.reception, CAMERA, sent())


def test_a_clip_is_kept_byte_for_byte_even_if_a_picture_s_end_stands_in_it() -> None:
    made = FakeReception()
    received = receive(made.reception, CAMERA, sent(MKV, "clip.mkv", "video/x-matroska"))
    assert received.key == "clips/home/camera/2023/11/14/221320-000-clip.mkv"
    assert made.bucket.kept[received.key][:2] == (MKV, "video/x-matroska")


@pytest.mark.parametrize("media", ["image/jpg", "image/pjpeg"])
def test_a_jpeg_by_another_name_is_one(media: str) -> None:
    made = FakeReception()
    received = receive(made.reception, CAMERA, sent(media=media))
    assert made.bucket.kept[received.key][1] == "image/jpeg"


@pytest.mark.parametrize(
    ("delivery", "problem"),
    [
        (sent(b""), "empty"),
        (sent(b"\xff\xd8" + b"x" * LARGEST), "too_large"),
        (sent(media=""), "wrong_type"),
        (sent(media="image/png"), "wrong_type"),
        (sent(media="multipart/form-data"), "wrong_type"),
        (sent(media="application/x-mjpeg"), "wrong_type"),
        (sent(b"PK\x03\x04", "image.jpeg"), "wrong_type"),
        (sent(b"not a clip", media="video/mp4"), "wrong_type"),
        (sent(b"\xff\xd8\xff\xe0 and no more"), "broken_picture"),
        (sent(picture((300, 200))[:-500]), "broken_picture"),
    ],
)
def test_what_is_refused_is_kept_nowhere(delivery: Delivery, problem: ProblemName) -> None:
    made = FakeReception()
    assert _refused(made, delivery) == problem
    assert made.bucket.kept == {}
    assert made.house.bus.events == []


def test_the_limit_is_said_in_bytes() -> None:
    made = FakeReception()
    with pytest.raises(Problem, match=str(LARGEST)):
        receive(made.reception, CAMERA, sent(b"\xff\xd8" + b"x" * LARGEST))


def _refused(made: FakeReception, delivery: Delivery) -> str:
    with pytest.raises(Problem) as refused:
        receive(made.reception, CAMERA, delivery)
    return refused.value.name
