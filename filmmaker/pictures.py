"""JPEGs as pictures of one film: checked, upright, and all of one size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import Image, ImageOps

from filmmaker.errors import BrokenPicture, NoPictures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_PIXELS: Final = 30_000_000
"""Of one picture. A Raspberry Pi's largest camera has 12 million, a 4K camera 8."""
MOST_SCANS: Final = 64
"""Of one picture. A progressive JPEG has about ten; each one costs a walk over all pixels."""
SMALLEST: Final = 16
"""Pixels; H.264 counts in blocks of so many."""
SAME_SHAPE: Final = 0.01
"""Two shapes that differ by less are one: nobody sees it."""

_START_OF_SCAN: Final = b"\xff\xda"
_ORIENTATION: Final = 0x0112
"""EXIF 2.3, 4.6.4 A."""
_ON_ITS_SIDE: Final = range(5, 9)
"""Orientations in which width and height change places."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Fitting:
    """Makes every picture as large as the film, which is as large as its first picture.

    A picture of another shape gets black bars. What is no picture is passed over. Both are counted.
    """

    def __init__(self, width: int, *, even: bool = False, size: Size | None = None) -> None:
        """`width` is the most the film may have; `even` asks for even sides, as 4:2:0 needs them.

        With `size` that is the film's, whatever the first picture has.
        """
        self.size = size
        self.taken = 0
        self.skipped = 0
        self.fitted = 0
        self._width = width
        self._even = even

    def pictures(self, jpegs: Iterable[bytes]) -> Iterator[Image.Image]:
        """The pictures, one by one, as RGB."""
        for jpeg in jpegs:
            try:
                picture = open_picture(jpeg, self.size.width if self.size else self._width)
            except BrokenPicture:
                self.skipped += 1
                continue
            self.size = self.size or film_size(Size(*picture.size), self._width, even=self._even)
            self.taken += 1
            yield self._fitted(picture, self.size)

    def _fitted(self, picture: Image.Image, size: Size) -> Image.Image:
        if picture.size == size:
            return picture
        beyond = picture.width - size.width, picture.height - size.height
        if all(0 <= each <= 1 for each in beyond):
            # Not scaled by one pixel, which would blur all of them.
            return picture.crop((0, 0, *size))
        if _same_shape(Size(*picture.size), size):
            return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        self.fitted += 1
        return ImageOps.pad(picture, size, Image.Resampling.BICUBIC)


def size_of_first(jpegs: Iterable[bytes], width: int) -> Size:
    """How large the MP4 of these pictures is. Raises NoPictures."""
    for jpeg in jpegs:
        try:
            picture = open_picture(jpeg, width)
        except BrokenPicture:
            continue
        return film_size(Size(*picture.size), width, even=True)
    raise NoPictures()


def film_size(first: Size, width: int, *, even: bool) -> Size:
    """The size of a film whose first picture is so large: no wider than `width`, no taller than
    twice that.
    """
    scale = min(1.0, width / first.width, 2 * width / first.height)
    sides = (max(SMALLEST, round(side * scale)) for side in first)
    return Size(*(side // 2 * 2 if even else side for side in sides))


def open_picture(jpeg: bytes, width: int) -> Image.Image:
    """An upright RGB picture, at least `width` wide if it was so. Raises BrokenPicture.

    What it costs is known before it is decoded: size and scans stand in the file.
    """
    if jpeg.count(_START_OF_SCAN) > MOST_SCANS:
        raise BrokenPicture("It has more scans than any camera writes.")
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BrokenPicture("It has more pixels than any camera.")
            return _decoded(picture, width)
    except BrokenPicture:
        raise
    except Exception as error:
        # Pillow raises OSError, SyntaxError, ValueError, struct.error … by what is broken.
        raise BrokenPicture(type(error).__name__) from None


def _decoded(picture: Image.Image, width: int) -> Image.Image:
    orientation = _orientation(picture)
    side = picture.height if orientation in _ON_ITS_SIDE else picture.width
    if side > width:
        # The decoder itself halves, as long as no side gets smaller than is wanted.
        share = width / side
        wanted = round(picture.width * share), round(picture.height * share)
        picture.draft("RGB", wanted)
    upright = picture.convert("RGB")
    turn = _TURNS.get(orientation)
    return upright.transpose(turn) if turn is not None else upright


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        # A picture is worth more than what is noted beside it.
        return 1


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _same_shape(one: Size, other: Size) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) < SAME_SHAPE
