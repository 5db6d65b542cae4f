"""A photo of this machine: taken for what it is, whatever its name, or refused here."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from demo.people import Person, empty_doorstep, portrait
from doorbell.errors import BadName
from doorbell.protocol import EnrolmentFailure
from operations import enrol as verb
from operations.enrol import HELPS, LARGEST, NotEnrolled, enrol, read_photo

if TYPE_CHECKING:
    from pathlib import Path

    from local.stack import Stack
    from operations.stacks import Deployed


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Eileen, as her phone names it."""
    file = tmp_path / "IMG 0001.JPG"
    file.write_bytes(portrait(Person.EILEEN))
    return file


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"\x00\x00\x00\x18ftypheic", "is HEIC"),
        (b"\x00\x00\x00\x18ftypmif1", "is HEIC"),
        (b"RIFF\x00\x00\x00\x00WEBP", "is WebP"),
        (b"GIF89a", "is GIF"),
        (b"%PDF-1.7", "is PDF"),
        (b"hello", "is no picture that is known here"),
        (b"", "is no picture that is known here"),
    ],
)
def test_what_rekognition_cannot_read_is_refused_here(
    tmp_path: Path, begin: bytes, what: str
) -> None:
    """By what is in it: an iPhone's HEIC may well be named .jpeg."""
    file = tmp_path / "me.jpeg"
    file.write_bytes(begin)
    with pytest.raises(NotEnrolled, match=what) as refused:
        read_photo(file)
    assert "JPEG and PNG" in str(refused.value)


def test_a_png_is_a_png_and_a_jpeg_a_jpeg_whatever_the_name(photo: Path, tmp_path: Path) -> None:
    assert read_photo(photo).ending == "jpeg"
    png = io.BytesIO()
    Image.open(photo).save(png, "PNG")
    (tmp_path / "me.heic").write_bytes(png.getvalue())
    assert read_photo(tmp_path / "me.heic").ending == "png"


def test_what_is_not_there_or_too_large_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled, match="cannot be read: No such file"):
        read_photo(tmp_path / "gone.jpeg")
    with (tmp_path / "large.jpeg").open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(LARGEST + 1)
    with pytest.raises(NotEnrolled, match="15 MB are allowed"):
        read_photo(tmp_path / "large.jpeg")


@given(st.binary(max_size=64))
def test_any_bytes_are_a_picture_or_refused(content: bytes) -> None:
    kind = verb.kind_of(content)
    assert kind not in ("jpeg", "png") or content[:1] in (b"\xff", b"\x89")


def test_every_help_is_for_a_failure_that_there_is() -> None:
    assert set(HELPS) <= set(get_args(EnrolmentFailure))


@pytest.mark.parametrize(
    ("file", "resident", "home", "said"),
    [
        ("", "Ada", "home", "PHOTO=…"),
        ("me.jpeg", "", "home", "RESIDENT=…"),
        ("me.jpeg", "A/b", "home", "no slash"),
        ("me.jpeg", "Ada", "Home", "small letters"),
    ],
)
def test_what_is_left_out_or_misnamed_is_said_before_anything_is_sent(
    file: str, resident: str, home: str, said: str
) -> None:
    nothing: Deployed = None  # type: ignore[assignment]
    with pytest.raises(BadName, match=said):
        enrol(nothing, file, resident, home)


def test_what_came_of_it_is_said(stack: Stack, photo: Path, tmp_path: Path) -> None:
    """On the stack: enrolled, enrolled again without a change, and refused with what helps."""
    for _ in range(2):
        assert enrol(stack.deployed, str(photo), "Eileen", "enrolled-by-verb") == 1
    nobody = tmp_path / "door.png"
    nobody.write_bytes(empty_doorstep())
    with pytest.raises(NotEnrolled, match="no face in it; look straight into the camera"):
        enrol(stack.deployed, str(nobody), "Eileen", "enrolled-by-verb")
