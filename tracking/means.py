"""Arithmetic on whole pictures, by Pillow: so it needs no other package, and Python no loop."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PIL import ImageChops, ImageMath

if TYPE_CHECKING:
    from PIL import Image


def product(one: Image.Image, other: Image.Image) -> Image.Image:
    """Pixel by pixel."""
    made: Image.Image = ImageMath.lambda_eval(lambda a: a["x"] * a["y"], x=one, y=other)
    return made


def slope(picture: Image.Image, across: int, down: int) -> Image.Image:
    """How much brighter it gets by one pixel in this direction. At the edges it is wrong."""
    before = ImageChops.offset(picture, across, down)
    after = ImageChops.offset(picture, -across, -down)
    made: Image.Image = ImageMath.lambda_eval(
        lambda a: (a["after"] - a["before"]) * 0.5, after=after, before=before
    )
    return made


def means(picture: Image.Image, side: int) -> array[float]:
    """The mean of each block of so many pixels by so many, row by row. Both sides of the picture
    are multiples of a block's.
    """
    return array("f", picture.reduce(side).tobytes())
