"""Whether a picture can be opened: by Pillow, with little memory whatever it says of itself."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image

from doorbell.cameras.problems import Problem

MOST_PIXELS: Final = 50_000_000
"""No camera at a door has more. Of a picture that says so the head alone is read."""
MOST_SCANS: Final = 100
"""A progressive picture has ten or so; each is one more pass over the whole picture."""
_SCAN: Final = b"\xff\xda"
_SMALL: Final = (160, 120)
"""Pixels: decoded at an eighth or so of its size, which costs a fiftieth of time and memory."""


def check_picture(picture: bytes) -> None:
    """Raises Problem `broken_picture` for what cannot be opened, to its last line."""
    if picture.count(_SCAN) > MOST_SCANS:
        raise Problem("broken_picture", f"A picture has {MOST_SCANS} scans at most.")
    try:
        _open(picture)
    except Image.DecompressionBombError:
        raise Problem("broken_picture", f"A picture has {MOST_PIXELS} pixels at most.") from None
    except Exception:  # whatever its parsers stumble over
        raise Problem("broken_picture", "This picture cannot be opened.") from None


def _open(picture: bytes) -> None:
    with Image.open(BytesIO(picture), formats=["JPEG"]) as image:
        image.verify()
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError
    # What was verified must be opened anew (Pillow, Image.verify).
    with Image.open(BytesIO(picture), formats=["JPEG"]) as image:
        image.draft(None, _SMALL)
        image.load()
