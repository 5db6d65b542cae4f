"""Photos as other cameras take them, and how alike what is found in them is."""

import functools
import io

import numpy as np
from PIL import Image

from demo.people import Person, portrait
from local.faces.face import Box, Vector

EVERY = 100
"""So many faces are asked for: the whole picture is looked at, as IndexFaces does."""

THE_SAME = 0.1
"""How much less alike, in percent, two photos of one person may be than by the whole photo."""


def apart(one: Vector, other: Vector) -> float:
    """The distance of two vectors."""
    return float(np.linalg.norm(one - other))


@functools.cache
def enlarged(picture: bytes, size: tuple[int, int], kind: str = "JPEG") -> bytes:
    """The same picture with more pixels, as a finer camera takes it."""
    large = Image.open(io.BytesIO(picture)).resize(size, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    large.save(out, kind, quality=90, compress_level=1)
    return out.getvalue()


def in_a_corner(person: Person, width: int, size: tuple[int, int]) -> bytes:
    """The portrait, so many pixels wide (its face half of it), on a large grey canvas."""
    small = Image.open(io.BytesIO(portrait(person)))
    canvas = Image.new("RGB", size, (128, 128, 120))
    canvas.paste(small.resize((width, width * 5 // 4)), (size[0] * 3 // 5, size[1] // 3))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=92)
    return out.getvalue()


def turned(picture: bytes, orientation: int) -> bytes:
    """The same picture stored as a camera held so would, with that EXIF orientation."""
    stored = {
        3: Image.Transpose.ROTATE_180,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    image = Image.open(io.BytesIO(picture)).transpose(stored)
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def common(one: Box, other: Box) -> float:
    """What two boxes have in common, as a share of what they cover together."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    both = max(0.0, across) * max(0.0, down)
    return both / (one.width * one.height + other.width * other.height - both)
