"""What cannot be opened is refused, with little memory and time, whatever it says of itself."""

from __future__ import annotations

import struct
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from doorbell.cameras.problems import Problem
from functions.cameras.picture import MOST_PIXELS, MOST_SCANS, check_picture
from tests.doorbell.cameras.fakes import jpegs, picture

if TYPE_CHECKING:
    from pathlib import Path

MEASURE: Final = """
import re, sys
from functions.cameras.picture import check_picture
check_picture(open(sys.argv[1], "rb").read())
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""
"""Kilobytes at most (proc(5))."""

HEIGHT_AND_WIDTH: Final = 5
"""Where they stand in a frame's head, behind its mark."""


def says(whole: bytes, width: int, height: int) -> bytes:
    """The same picture, which says that it is of another size."""
    frame = next(m for m in (b"\xff\xc0", b"\xff\xc2") if m in whole)
    at = whole.index(frame) + HEIGHT_AND_WIDTH
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


def refused(body: bytes) -> str:
    """In which words."""
    with pytest.raises(Problem) as problem:
        check_picture(body)
    assert problem.value.name == "broken_picture"
    return problem.value.title


@given(jpegs())
def test_every_jpeg_can_be_opened(whole: bytes) -> None:
    check_picture(whole)


@given(jpegs(), st.data())
def test_half_a_picture_cannot(whole: bytes, data: st.DataObject) -> None:
    refused(whole[: data.draw(st.integers(0, len(whole) - 3))])


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_problem(rest: bytes) -> None:
    with suppress(Problem):
        check_picture(b"\xff\xd8\xff" + rest)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_another_kind_of_picture_is_none(kind: str) -> None:
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, kind)
    refused(content.getvalue())


def test_a_picture_that_says_it_is_huge_is_not_unpacked() -> None:
    """A decompression bomb: a few hundred bytes that would fill 12 GB."""
    assert str(MOST_PIXELS) in refused(says(picture(), 65_000, 65_000))


@pytest.mark.parametrize(("progressive", "megabytes"), [(False, 60), (True, 400)])
def test_the_largest_picture_is_opened_in_the_memory_of_the_function(
    tmp_path: Path, *, progressive: bool, megabytes: int
) -> None:
    """50 million pixels would be 150 MB; a progressive one needs all its coefficients. Measured in
    a process of its own, Python and Pillow included.
    """
    file = tmp_path / "large.jpeg"
    image = Image.new("RGB", (8000, 6250), "grey")
    image.save(file, "JPEG", progressive=progressive, subsampling=0)
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE, file], capture_output=True, text=True, check=True
    )
    assert int(ended.stdout) < megabytes * 1024


def test_a_picture_of_very_many_scans_is_not_opened() -> None:
    """Each scan of a progressive picture is a pass over all of it: a bomb of time."""
    whole = picture((64, 64), progressive=True)
    last = whole.rindex(b"\xff\xda")
    bomb = whole[:last] + whole[last:-2] * (MOST_SCANS + 1) + whole[-2:]
    assert "scans" in refused(bomb)
