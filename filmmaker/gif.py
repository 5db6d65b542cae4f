"""Pictures into a GIF that is small: each frame holds only what has changed (GIF89a)."""

from __future__ import annotations

import io
import struct
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from PIL import Image, ImageChops

from filmmaker.palette import COLOURS, palette_of

if TYPE_CHECKING:
    from pathlib import Path

    from filmmaker.picture_file import PictureFile

TRANSPARENT: Final = COLOURS
"""The palette's first free place: a pixel that stays as it is on the screen."""
TABLE: Final = 256
BRIGHTNESS, COLOUR = 3, 6
"""A pixel that changes by no more stays as it is: so far goes a camera's noise. In steps of 255; of
brightness the eye sees less than of colour.
"""

_SHORTEST: Final = 2
"""Hundredths of a second; browsers show frames that are shorter for a tenth."""
_ROUND_FOR_EVER: Final = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_STAYS: Final = 0b100
"""Disposal method 1: what a frame shows stays when the next one comes."""
_END: Final = b"\x3b"

_ANY: Final = [0] + [255] * 255
Box: TypeAlias = tuple[int, int, int, int]


def write_gif(pictures: PictureFile, into: Path, fps: float, *, rebound: bool = False) -> None:
    """Write these pictures, of which there is at least one; backwards too if it rebounds."""
    palette = palette_of(pictures)
    delay = max(_SHORTEST, round(100 / fps))
    order = chain(pictures.forwards(), pictures.backwards() if rebound else ())
    screen: _Screen | None = None
    with into.open("wb") as file:
        for picture in order:
            if screen is None:
                screen = _Screen(palette, picture)
                file.write(_head(picture.size, palette) + _ROUND_FOR_EVER)
                _write_frame(file, screen.indices, (0, 0, *picture.size), delay, whole=True)
            else:
                box = screen.show(picture)
                _write_frame(file, screen.changes, box, delay, whole=False)
        file.write(_END)


class _Screen:
    """What whoever looks at the film has before them."""

    def __init__(self, palette: Image.Image, first: Image.Image) -> None:
        self._palette = palette
        self._seen = first.convert("YCbCr")
        """The pictures that the pixels are from."""
        self.indices = self._indexed(first)
        """The pixels, by their place in the palette; mode L, so that they can be compared."""
        self.changes = self.indices

    def show(self, picture: Image.Image) -> Box:
        """Show the next picture; the part of the screen in which something changes."""
        seen, indices = picture.convert("YCbCr"), self._indexed(picture)
        other = ImageChops.difference(indices, self.indices).point(_ANY)
        mask = ImageChops.darker(other, _beyond_noise(seen, self._seen))
        self._seen.paste(seen, mask=mask)
        self.indices.paste(indices, mask=mask)
        box = mask.getbbox() or (0, 0, 1, 1)
        self.changes = Image.new("L", picture.size, TRANSPARENT)
        self.changes.paste(indices, mask=mask)
        return box

    def _indexed(self, picture: Image.Image) -> Image.Image:
        """Without dithering: that costs bytes and likeness alike (docs/films.md)."""
        mapped = picture.quantize(palette=self._palette, dither=Image.Dither.NONE)
        return Image.frombytes("L", mapped.size, mapped.tobytes())


def _beyond_noise(one: Image.Image, other: Image.Image) -> Image.Image:
    """Where two pictures (YCbCr) differ by more than a camera's noise."""
    brightness, blue, red = ImageChops.difference(one, other).split()
    colour = ImageChops.lighter(blue, red)
    return ImageChops.lighter(brightness.point(_above(BRIGHTNESS)), colour.point(_above(COLOUR)))


def _above(step: int) -> list[int]:
    return [0] * (step + 1) + [255] * (255 - step)


def _head(size: tuple[int, int], palette: Image.Image) -> bytes:
    """Signature, screen and the colours of all frames."""
    colours = bytes(palette.getpalette("RGB") or ()).ljust(3 * TABLE, b"\0")[: 3 * TABLE]
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + colours


def _write_frame(file: BinaryIO, screen: Image.Image, box: Box, delay: int, *, whole: bool) -> None:
    left, top, right, bottom = box
    flags = _STAYS | (0 if whole else 1)
    file.write(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, delay, TRANSPARENT, 0))
    file.write(struct.pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0))
    file.write(_squeezed(screen.crop(box)))


def _squeezed(indices: Image.Image) -> bytes:
    """The pixels as LZW, by Pillow: it writes a GIF of its own, of which this is the last part."""
    picture = Image.frombytes("P", indices.size, indices.tobytes())
    picture.putpalette(bytes(3 * TABLE))
    written = io.BytesIO()
    picture.save(written, "GIF", optimize=False, interlace=False)
    content = written.getvalue()
    at = 13 + 3 * TABLE  # behind the head and the table of colours
    while content[at] == 0x21:  # an extension: two bytes, and blocks until an empty one
        at += 2
        while content[at]:
            at += content[at] + 1
        at += 1
    return content[at + 10 : -len(_END)]
