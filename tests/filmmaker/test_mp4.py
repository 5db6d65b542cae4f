"""An MP4 that every browser plays: H.264, 4:2:0, its index in front, its pictures in order."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageColor

from demo.scenes import visitor
from filmmaker.errors import NoPictures
from filmmaker.films import make_mp4
from filmmaker.pictures import Size
from tests.filmmaker.drawn import colour_at, frames, jpeg, mp4, numbered, opened

if TYPE_CHECKING:
    from pathlib import Path


def test_it_shows_its_pictures_in_order(tmp_path: Path) -> None:
    made = make_mp4(frames(range(12)), tmp_path / "film.mp4", fps=5)
    assert mp4(tmp_path / "film.mp4").numbers == list(range(12))
    assert (made.frames, made.skipped, made.fitted, made.size) == (12, 0, 0, Size(96, 64))


def test_a_rebound_shows_neither_end_twice(tmp_path: Path) -> None:
    made = make_mp4(frames(range(5)), tmp_path / "film.mp4", fps=5, rebound=True)
    assert mp4(tmp_path / "film.mp4").numbers == [0, 1, 2, 3, 4, 3, 2, 1]
    assert made.frames == 5


@pytest.mark.parametrize("fps", [0.5, 5, 6.67, 29.97, 60])
def test_each_picture_is_shown_as_long(tmp_path: Path, fps: float) -> None:
    make_mp4(frames(range(4)), tmp_path / "film.mp4", fps=fps)
    assert mp4(tmp_path / "film.mp4").seconds == pytest.approx(
        [n / fps for n in range(5)], rel=0.01
    )


def test_every_browser_plays_it(tmp_path: Path) -> None:
    """Codec, pixels and colours are said in the file, and nothing has to be guessed."""
    make_mp4(frames(range(3)), tmp_path / "film.mp4", fps=5)
    with opened(tmp_path / "film.mp4") as film:
        (video,) = film.streams
        context = video.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert video.average_rate == Fraction(5)


def test_it_plays_before_it_is_all_there(tmp_path: Path) -> None:
    """The index (`moov`) comes before the pictures (`mdat`)."""
    make_mp4(frames(range(12)), tmp_path / "film.mp4", fps=5)
    content = (tmp_path / "film.mp4").read_bytes()
    assert content[4:8] == b"ftyp"
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_odd_sides_lose_a_line_and_are_not_blurred(tmp_path: Path) -> None:
    """4:2:0 has a colour for each four pixels: 97 by 65 becomes 96 by 64, pixel for pixel."""
    picture = Image.new("RGB", (97, 65), "black")
    picture.paste("white", (40, 0, 56, 65))
    made = make_mp4([jpeg(picture, subsampling=0)], tmp_path / "film.mp4", fps=5)
    assert made.size == (96, 64)
    (seen,) = mp4(tmp_path / "film.mp4").pictures
    edge = np.asarray(seen.convert("L"), int)[32, 36:44]
    assert edge[:4].max() < 40
    assert edge[4:].min() > 215


def test_it_looks_like_its_pictures(tmp_path: Path) -> None:
    shot = list(visitor(6, (320, 240)))
    make_mp4(shot, tmp_path / "film.mp4", fps=5)
    for seen, file in zip(mp4(tmp_path / "film.mp4").pictures, shot, strict=True):
        (tmp_path / "frame.jpeg").write_bytes(file)
        with Image.open(tmp_path / "frame.jpeg") as frame:
            apart = np.abs(np.asarray(seen, float) - np.asarray(frame, float))
        assert apart.mean() < 3


@pytest.mark.parametrize("colour", ["red", "lime", "blue", "teal", "orange", "white"])
def test_colours_are_those_of_the_camera(tmp_path: Path, colour: str) -> None:
    """To within what 8 bits of BT.709 keep."""
    make_mp4([jpeg(Image.new("RGB", (64, 64), colour))], tmp_path / "film.mp4", fps=5)
    with opened(tmp_path / "film.mp4") as film:
        frame = next(film.decode(video=0))
        seen = frame.reformat(format="rgb24", src_colorspace="ITU709").to_image()
    apart = np.subtract(colour_at(seen, 30, 30), ImageColor.getrgb(colour))
    assert np.abs(apart).max() <= 6


def test_it_is_no_wider_than_it_may_be(tmp_path: Path) -> None:
    wide = make_mp4(frames([1], (1920, 1080)), tmp_path / "film.mp4", fps=5)
    assert wide.size == (1280, 720)


def test_a_size_that_is_given_counts(tmp_path: Path) -> None:
    """A part of a film is as large as the others, whatever it begins with."""
    made = make_mp4(frames([1, 2]), tmp_path / "film.mp4", fps=5, size=Size(128, 128))
    assert (made.size, made.fitted) == (Size(128, 128), 2)
    assert mp4(tmp_path / "film.mp4").pictures[0].size == (128, 128)


def test_the_smallest_picture_is_a_film_too(tmp_path: Path) -> None:
    made = make_mp4([jpeg(Image.new("RGB", (1, 1), "red"))], tmp_path / "film.mp4", fps=5)
    assert made.size == (16, 16)
    assert len(mp4(tmp_path / "film.mp4").pictures) == 1


def test_without_a_picture_there_is_none(tmp_path: Path) -> None:
    for nothing in ([], [b""], [b"text", jpeg(numbered(1))[:50]]):
        with pytest.raises(NoPictures):
            make_mp4(nothing, tmp_path / "film.mp4", fps=5)
