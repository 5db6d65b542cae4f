"""What every camera gives in the end: a JPEG of a bounded size."""

import io
from typing import TYPE_CHECKING, Final

from doorbell_client.errors import CameraError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES: Final = 5_000_000
"""Face recognition takes 5 MB (AWS Rekognition's limit for an image sent as bytes)."""

MAX_SIDE: Final = 1920
"""Pixels of the longer side after scaling: a face two metres off is still some 200 wide."""

QUALITY: Final = 88
"""JPEG quality; 1280x960 comes to about 200 KB."""


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


def encoded(image: "Image", max_bytes: int = MAX_BYTES) -> bytes:
    """`image` as a JPEG of at most `max_bytes`, smaller step by step until it fits.

    Raises CameraError if it cannot.
    """
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    data = _jpeg(image)
    side = min(MAX_SIDE, max(image.size))
    while len(data) > max_bytes and side >= 64:
        smaller = image.copy()
        smaller.thumbnail((side, side))
        data = _jpeg(smaller)
        side = side * 3 // 4
    if len(data) > max_bytes:
        raise CameraError(f"The picture does not fit {max_bytes:,} bytes.")
    return data


def _jpeg(image: "Image") -> bytes:
    output = io.BytesIO()
    image.save(output, format="JPEG", quality=QUALITY)
    return output.getvalue()
