"""A GIF shows its pictures in order, each as long as the next, and holds only what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageColor

from demo.scenes import visitor
from filmmaker.errors import NoPictures
from filmmaker.films import make_gif
from filmmaker.pictures import Size
from tests.filmmaker.drawn import colour_at, frames, gif, jpeg, numbered

if TYPE_CHECKING:
    from pathlib import Path


def test_it_shows_its_pictures_in_order(tmp_path: Path) -> None:
    made = make_gif(frames(range(12)), tmp_path / "film.gif", fps=5)
    seen = gif(tmp_path / "film.gif")
    assert seen.numbers == list(range(12))
    assert (made.frames, made.skipped, made.fitted, made.size) == (12, 0, 0, Size(96, 64))


def test_a_rebound_shows_neither_end_twice(tmp_path: Path) -> None:
    """Forwards, backwards, and on to the first one as it begins again."""
    made = make_gif(frames(range(5)), tmp_path / "film.gif", fps=5, rebound=True)
    assert gif(tmp_path / "film.gif").numbers == [0, 1, 2, 3, 4, 3, 2, 1]
    assert made.frames == 5


@pytest.mark.parametrize("numbers", [[0], [0, 1]])
def test_what_is_too_short_to_rebound_is_shown_once(tmp_path: Path, numbers: list[int]) -> None:
    make_gif(frames(numbers), tmp_path / "film.gif", fps=5, rebound=True)
    assert gif(tmp_path / "film.gif").numbers == numbers


@pytest.mark.parametrize(("fps", "delay"), [(5, 0.2), (10, 0.1), (6.67, 0.15), (90, 0.02)])
def test_each_picture_is_shown_as_long(tmp_path: Path, fps: float, delay: float) -> None:
    """In hundredths of a second, and never so short that browsers would slow it down."""
    make_gif(frames(range(4)), tmp_path / "film.gif", fps=fps)
    assert gif(tmp_path / "film.gif").seconds == pytest.approx([n * delay for n in range(5)])


def test_it_goes_round_for_ever(tmp_path: Path) -> None:
    make_gif(frames(range(3)), tmp_path / "film.gif", fps=5)
    with Image.open(tmp_path / "film.gif") as film:
        assert film.info["loop"] == 0


def test_a_picture_that_is_the_same_costs_next_to_nothing(tmp_path: Path) -> None:
    """And it is there: a film that stands still takes its time."""
    make_gif(frames([3]), tmp_path / "one.gif", fps=5)
    make_gif(frames([3] * 9), tmp_path / "nine.gif", fps=5)
    assert gif(tmp_path / "nine.gif").numbers == [3] * 9
    more = (tmp_path / "nine.gif").stat().st_size - (tmp_path / "one.gif").stat().st_size
    assert more < 9 * 40


def test_only_the_part_that_changes_is_written(tmp_path: Path) -> None:
    """The frame's box holds the old mark and the new one, and nothing of the rest."""
    make_gif(frames([2, 3]), tmp_path / "film.gif", fps=5)
    with Image.open(tmp_path / "film.gif") as film:
        film.seek(1)
        left, top, right, bottom = film.tile[0][1] or (0, 0, 0, 0)
    assert 14 <= left <= 16
    assert 32 <= right <= 34
    assert (top, bottom) <= (1, 34)


def test_noise_is_not_drawn_anew(tmp_path: Path) -> None:
    """What a camera's noise does to a still picture changes no pixel on the screen."""
    random, still = np.random.default_rng(1), np.asarray(numbered(4, (192, 128)), np.float32)
    noisy = [
        jpeg(
            Image.fromarray((still + random.normal(0, 0.7, still.shape)).clip(0, 255).astype("u1"))
        )
        for _ in range(6)
    ]
    make_gif(noisy, tmp_path / "film.gif", fps=5)
    first, *others = gif(tmp_path / "film.gif").pictures
    for other in others:
        changed = np.asarray(first, int) != np.asarray(other, int)
        assert changed.any(-1).mean() < 0.01


def test_it_looks_like_its_pictures(tmp_path: Path) -> None:
    """Of a person at the door no pixel is far off: 3 of 255 steps on average."""
    shot = list(visitor(6, (320, 240)))
    make_gif(shot, tmp_path / "film.gif", fps=5)
    for seen, file in zip(gif(tmp_path / "film.gif").pictures, shot, strict=True):
        (tmp_path / "frame.jpeg").write_bytes(file)
        with Image.open(tmp_path / "frame.jpeg") as frame:
            apart = np.abs(np.asarray(seen, float) - np.asarray(frame, float))
        assert apart.mean() < 3


def test_colours_that_come_late_have_their_place(tmp_path: Path) -> None:
    """The palette is that of the whole film, not of how it begins."""
    colours = ["navy", "olive", "purple", "teal", "maroon", "orange"]
    made = [jpeg(Image.new("RGB", (64, 64), each), subsampling=0) for each in colours]
    make_gif(made, tmp_path / "film.gif", fps=5)
    for seen, colour in zip(gif(tmp_path / "film.gif").pictures, colours, strict=True):
        apart = np.subtract(colour_at(seen, 9, 9), ImageColor.getrgb(colour))
        assert np.abs(apart).max() <= 4


def test_it_is_no_wider_than_it_may_be(tmp_path: Path) -> None:
    assert make_gif(frames([1], (960, 640)), tmp_path / "film.gif", fps=5).size == (480, 320)
    assert gif(tmp_path / "film.gif").pictures[0].size == (480, 320)


def test_without_a_picture_there_is_none(tmp_path: Path) -> None:
    for nothing in ([], [b""], [b"text", b"\xff\xd8"]):
        with pytest.raises(NoPictures):
            make_gif(nothing, tmp_path / "film.gif", fps=5)
