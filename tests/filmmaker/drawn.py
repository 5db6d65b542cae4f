"""Pictures that say which one they are, and films read back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import av
from PIL import Image, ImageDraw, ImageSequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SIZE: Final = (96, 64)
STEP: Final = 8
"""Pixels between two places of the mark."""


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    """The picture as a JPEG."""
    written = io.BytesIO()
    picture.save(written, "JPEG", **{"quality": 92, **options})
    return written.getvalue()


def numbered(number: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A grey picture with a white mark at a place that tells its number, from 0 to 11."""
    picture = Image.new("RGB", size, (60, 90, 120))
    left = number * size[0] * STEP // SIZE[0]
    right = left + size[0] * STEP // SIZE[0] - 1
    ImageDraw.Draw(picture).rectangle((left, 0, right, size[1] // 2), fill="white")
    return picture


def frames(numbers: Iterable[int], size: tuple[int, int] = SIZE) -> Iterator[bytes]:
    """JPEGs of these numbers."""
    return (jpeg(numbered(number, size)) for number in numbers)


class Seen(NamedTuple):
    """A film as whoever plays it sees it."""

    pictures: list[Image.Image]
    seconds: list[float]
    """When each picture comes, and at the end when the film is over."""

    @property
    def numbers(self) -> list[int]:
        """The numbers of its pictures."""
        return [number_of(picture) for picture in self.pictures]


def opened(file: Path) -> Any:
    """A film as FFmpeg's libraries open it."""
    return av.open(str(file))


def colour_at(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Red, green and blue of one pixel."""
    return tuple(picture.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes())


def number_of(picture: Image.Image) -> int:
    """The number of a picture, by where it is white."""
    across = picture.convert("L").crop((0, 0, picture.width, 1)).resize((SIZE[0] // STEP, 1))
    grey = list(across.tobytes())
    return grey.index(max(grey))


def gif(file: Path) -> Seen:
    """A GIF as Pillow reads it."""
    pictures, seconds = [], [0.0]
    with Image.open(file) as film:
        for each in ImageSequence.Iterator(film):
            pictures.append(each.convert("RGB"))
            seconds.append(seconds[-1] + each.info["duration"] / 1000)
    return Seen(pictures, seconds)


def mp4(file: Path) -> Seen:
    """An MP4 as FFmpeg's libraries read it."""
    with opened(file) as film:
        (video,) = film.streams.video
        shown = list(film.decode(video))
        end = float(video.duration * video.time_base)
        return Seen([each.to_image() for each in shown], [*(each.time for each in shown), end])
