"""What every camera gives in the end: a JPEG of a bounded size."""

import io
from typing import TYPE_CHECKING, Final

from doorbell_client.door.parts import Shape
from doorbell_client.errors import CameraError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES: Final = 5_000_000
"""Face recognition takes 5 MB (AWS Rekognition's limit for an image sent as bytes)."""

MAX_SIDE: Final = 1920
"""Pixels of the longer side after scaling: a face two metres off is still some 200 wide."""

QUALITY: Final = 88
"""JPEG quality; 1280x960 comes to about 200 KB."""

FRAME_QUALITY: Final = 80
"""For a film, whose makers encode it anew: 640x360 comes to about 40 KB."""

MOST_FRAME_BYTES: Final = 200_000
"""A film waits in memory until it is sent."""


def bounded(data: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """`data` itself if it is a JPEG small enough, else the picture encoded anew and smaller.

    Raises CameraError: it is no picture, or a large one and Pillow is not installed.
    """
    if data.startswith(b"\xff\xd8\xff") and len(data) <= max_bytes:
        return data
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise CameraError(
            f"A picture of {len(data):,} bytes must be made smaller: install Pillow."
        ) from error
    try:
        with Image.open(io.BytesIO(data)) as image:
            # Phones store photos lying down and say so in EXIF, which encoding anew would drop.
            return encoded(ImageOps.exif_transpose(image), max_bytes)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CameraError(f"This is no picture: {error}") from error


def frame(image: "Image", shape: Shape) -> bytes:
    """`image` as a small JPEG for a film. Raises CameraError if it cannot be."""
    from PIL import ImageOps

    size = (shape.width, shape.height)
    if shape.exact:
        small = ImageOps.fit(image, size)
    else:
        small = image.copy()
        small.thumbnail(size)
    return encoded(small, MOST_FRAME_BYTES, FRAME_QUALITY)


def frame_of(data: bytes, shape: Shape) -> bytes:
    """The picture in `data` as a small JPEG for a film. Raises CameraError: it is no picture."""
    try:
        from PIL import Image, ImageOps

        with Image.open(io.BytesIO(data)) as image:
            # A JPEG can be read smaller than it is, which spares most of the work.
            image.draft("RGB", (2 * shape.width, 2 * shape.height))
            return frame(ImageOps.exif_transpose(image), shape)
    except ImportError as error:
        raise CameraError("A film needs Pillow.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CameraError(f"This is no picture: {error}") from error


def encoded(image: "Image", max_bytes: int = MAX_BYTES, quality: int = QUALITY) -> bytes:
    """`image` as a JPEG of at most `max_bytes`, smaller step by step until it fits.

    Raises CameraError if it cannot.
    """
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    data = _jpeg(image, quality)
    side = min(MAX_SIDE, max(image.size))
    while len(data) > max_bytes and side >= 64:
        smaller = image.copy()
        smaller.thumbnail((side, side))
        data = _jpeg(smaller, quality)
        side = side * 3 // 4
    if len(data) > max_bytes:
        raise CameraError(f"The picture does not fit {max_bytes:,} bytes.")
    return data


def _jpeg(image: "Image", quality: int) -> bytes:
    output = io.BytesIO()
    image.save(output, format="JPEG", quality=quality)
    return output.getvalue()
