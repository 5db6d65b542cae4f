"""A picture as the tracker reads it: grey, small, and at several sizes."""

from __future__ import annotations

from typing import Final, TypeAlias

from PIL import Image

from filmmaker.errors import BrokenPicture
from filmmaker.pictures import open_picture

WIDTH: Final = 480
"""Pixels. A face before a door's camera is 60 to 200 of them wide."""
NARROWEST: Final = 160
"""Pixels. What is smaller would be enlarged, and tell nothing new."""
FLATTEST: Final = 0.3
"""Height by width."""
TALLEST: Final = 2.0
"""A camera on its side has 1.8. Also bounds what a picture takes."""
LEVELS: Final = 4
"""Each half as wide as the one before: 480, 240, 120 and 60 pixels."""

Frame: TypeAlias = tuple[Image.Image, ...]
"""The sizes of one picture, the largest first, in floating point."""


def read_frame(jpeg: bytes) -> Frame:
    """Raises BrokenPicture, also if it is smaller than any camera's or of a shape that none has."""
    picture = open_picture(jpeg, WIDTH).convert("L")
    if picture.width < NARROWEST or not FLATTEST <= picture.height / picture.width <= TALLEST:
        raise BrokenPicture("It is no picture that a door's camera takes.")
    height = max(1, round(picture.height * WIDTH / picture.width))
    # A filter as wide as the pixel: what is finer than a pixel must not move by itself.
    small = picture.resize((WIDTH, height), Image.Resampling.BICUBIC, reducing_gap=2.0)
    levels = [small.convert("F")]
    while len(levels) < LEVELS:
        levels.append(levels[-1].reduce(2))
    return tuple(levels)
