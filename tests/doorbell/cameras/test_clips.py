"""A clip is what it is said to be, and stays as it came."""

from __future__ import annotations

import pytest

from doorbell.cameras.clips import check_clip
from doorbell.cameras.problems import Problem

MKV = b"\x1a\x45\xdf\xa3" + b"\x93matroska"
MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 20


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("video/x-matroska", MKV),
        ("video/mp4", MP4),
        ("video/mp4", b"\x00\x00\x00\x18styp"),
        ("video/mp4", b"\x00\x00\x00\x08free"),
    ],
)
def test_a_clip_begins_as_its_type_does(media: str, body: bytes) -> None:
    check_clip(media, body)


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("video/x-matroska", MP4),
        ("video/mp4", MKV),
        ("video/mp4", b"PK\x03\x04 a ZIP named clip.mp4"),
        ("video/mp4", b"\x00\x00"),
        ("video/x-matroska", b"\x1a\x45\xdf"),
        ("video/mp4", b"\xff\xd8\xff\xe0"),
    ],
)
def test_what_begins_otherwise_is_refused(media: str, body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        check_clip(media, body)
    assert refused.value.name == "wrong_type"
