"""From bytes to upright pixels, within Rekognition's limits."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

from local.faces.errors import PictureTooLarge, PictureTooSmall, UnreadablePicture

MIN_SIDE: Final = 80
"""Pixels; Rekognition's documented minimum for faces."""

MAX_SIDE: Final = 10_000
"""Pixels; the longest side Rekognition takes."""

MAX_PIXELS: Final = 40_000_000
"""Decoding more would take over half a gigabyte here; AWS documents no such figure."""

KEPT_SIDE: Final = 3840
"""Pixels; a 4K camera's picture is kept whole, a larger one is reduced to this side."""


def open_picture(content: bytes) -> Image.Image:
    """The picture in `content` as upright RGB, its longer side at most `KEPT_SIDE`.

    The size is judged from the header, before anything is decoded: a decompression bomb costs
    nothing. Raises UnreadablePicture, PictureTooLarge, PictureTooSmall.
    """
    with warnings.catch_warnings():
        # Our own limit below is stricter than the one Pillow warns about.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                _check_size(*picture.size)
                _decode_small(picture)
                return _upright(picture)
        except (PictureTooLarge, PictureTooSmall):
            raise
        except Image.DecompressionBombError:
            raise PictureTooLarge from None
        except Exception:
            # Pillow's decoders raise a dozen classes for broken files; all mean the same here.
            raise UnreadablePicture from None


def _check_size(width: int, height: int) -> None:
    if min(width, height) < MIN_SIDE:
        raise PictureTooSmall
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureTooLarge(
            f"Input image dimensions {width} x {height} exceed maximum dimension size of "
            f"{MAX_SIDE} pixels or {MAX_PIXELS} pixels in all"
        )


def _decode_small(picture: Image.Image) -> None:
    """Let a JPEG's decoder itself reduce what would be thrown away (PNG's cannot)."""
    share = min(1.0, KEPT_SIDE / max(picture.size))
    picture.draft("RGB", (round(picture.width * share), round(picture.height * share)))


def _upright(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture.convert("RGB"))
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return upright
