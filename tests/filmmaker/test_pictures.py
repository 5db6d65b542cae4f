"""What a camera sends becomes a picture of the film, or is counted as what it is not."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from filmmaker.errors import BrokenPicture, NoPictures
from filmmaker.films import make_mp4, size_of_first
from filmmaker.pictures import SMALLEST, Fitting, Size, film_size, open_picture
from tests.filmmaker.drawn import colour_at, jpeg, mp4, number_of, numbered

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = jpeg(numbered(5))


def huge(width: int, height: int) -> bytes:
    """A JPEG of a few hundred bytes whose header says that it is so large (ISO 10918-1, B.2.2)."""
    at = WHOLE.index(b"\xff\xc0") + 5
    return WHOLE[:at] + struct.pack(">HH", height, width) + WHOLE[at + 4 :]


def many_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan is there again and again: small, and dear to decode."""
    whole = jpeg(numbered(5), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * scans + whole[-2:]


def png() -> bytes:
    """A picture, but no JPEG."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\0\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


BROKEN = {
    "empty": b"",
    "text": b"Dear neighbour, this is no photo.",
    "half": WHOLE[: len(WHOLE) // 2],
    "head": WHOLE[:20],
    "PNG": png(),
    "ZIP": b"PK\x03\x04" + bytes(100),
    "bomb": huge(65500, 65500),
    "large": huge(8000, 5000),
    "scans": many_scans(100),
    "no height": huge(96, 0),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_frame_that_is_no_picture_is_passed_over_and_counted(tmp_path: Path, name: str) -> None:
    """Whatever it is, the others make the film."""
    shot = [jpeg(numbered(1)), BROKEN[name], jpeg(numbered(2))]
    made = make_mp4(shot, tmp_path / "film.mp4", fps=5)
    assert (made.frames, made.skipped) == (2, 1)
    assert mp4(tmp_path / "film.mp4").numbers == [1, 2]


@given(st.binary(max_size=200), st.integers(0, len(WHOLE)), st.integers(0, 200))
def test_damage_of_any_kind_is_a_broken_picture_or_a_picture(
    noise: bytes, at: int, cut: int
) -> None:
    """No other error comes out, whatever is overwritten, put in or missing."""
    try:
        picture = open_picture(WHOLE[:at] + noise + WHOLE[at + cut :], 1280)
    except BrokenPicture:
        return
    assert picture.mode == "RGB"


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_a_picture_of_any_kind_of_colour_is_taken(mode: str) -> None:
    assert open_picture(jpeg(numbered(3).convert(mode)), 1280).mode == "RGB"


@pytest.mark.parametrize("progressive", [False, True])
def test_a_picture_comes_out_as_it_went_in(progressive: bool) -> None:
    picture = open_picture(jpeg(numbered(3), progressive=progressive), 1280)
    assert (picture.size, number_of(picture)) == ((96, 64), 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(orientation: int) -> None:
    """All eight orientations of EXIF show the mark where it was seen."""
    upright = numbered(3)
    lying = upright
    for turn in _UNDONE[orientation]:
        lying = lying.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    for width in (1280, 50):
        picture = open_picture(jpeg(lying, exif=exif.tobytes()), width)
        assert picture.width >= min(96, width)
        assert picture.width > picture.height
        assert number_of(picture) == 3


_TURN = Image.Transpose
_UNDONE = {
    1: [],
    2: [_TURN.FLIP_LEFT_RIGHT],
    3: [_TURN.ROTATE_180],
    4: [_TURN.FLIP_TOP_BOTTOM],
    5: [_TURN.TRANSPOSE],
    6: [_TURN.ROTATE_90],
    7: [_TURN.TRANSVERSE],
    8: [_TURN.ROTATE_270],
}
"""How a camera that notes this orientation has stored the upright picture."""


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_note_beside_the_picture_that_is_broken_costs_nothing() -> None:
    broken = jpeg(numbered(3), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert number_of(open_picture(broken, 1280)) == 3


def test_another_shape_gets_bars_and_another_size_is_scaled() -> None:
    """All are as large as the first; only what does not fill it is counted as fitted."""
    sizes = [(96, 64), (192, 128), (48, 32), (64, 96), (97, 64), (200, 20)]
    fitting = Fitting(1280, even=True)
    pictures = list(fitting.pictures(jpeg(numbered(6, size)) for size in sizes))
    assert {picture.size for picture in pictures} == {(96, 64)}
    assert [number_of(each) for each in pictures[:3]] == [6, 6, 6]
    assert (fitting.taken, fitting.skipped, fitting.fitted) == (6, 0, 2)
    upright = pictures[3]
    assert max(colour_at(upright, 2, 32)) < 10
    assert max(colour_at(upright, 48, 60)) > 50


def test_a_large_picture_is_not_decoded_whole() -> None:
    """The decoder itself makes it smaller, and never smaller than is wanted."""
    picture = open_picture(jpeg(numbered(6, (4032, 3024))), 480)
    assert 480 <= picture.width <= 1100
    assert number_of(picture) == 6


@given(st.integers(1, 70_000), st.integers(1, 70_000), st.integers(SMALLEST, 4000), st.booleans())
def test_a_film_s_size_is_within_its_bounds(width: int, height: int, most: int, even: bool) -> None:
    size = film_size(Size(width, height), most, even=even)
    assert SMALLEST <= size.width <= max(most, SMALLEST)
    assert SMALLEST <= size.height <= max(2 * most, SMALLEST)
    if even:
        assert size.width % 2 == size.height % 2 == 0


def test_the_first_picture_that_opens_decides() -> None:
    assert size_of_first([b"", BROKEN["half"], jpeg(numbered(1, (101, 51)))], 1280) == (100, 50)
    with pytest.raises(NoPictures):
        size_of_first([b"", b"text"], 1280)
