"""From bytes to upright pixels, within Rekognition's limits."""

import contextlib
import io
import warnings
from collections.abc import Iterator
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


class Photo:
    """One JPEG or PNG, decoded as finely as it was asked for, and again only to be finer."""

    def __init__(self, content: bytes) -> None:
        """Judge the size from the header; a decompression bomb costs nothing.

        Raises UnreadablePicture, PictureTooLarge, PictureTooSmall.
        """
        self._content = content
        self._decoded: Image.Image | None = None
        with _named_errors(), _opened(content) as picture:
            _check_size(*picture.size)
            self.side: Final = min(KEPT_SIDE, max(picture.size))
            """Pixels of the longer side when it is decoded whole."""

    def at(self, side: int) -> Image.Image:
        """Upright RGB, its longer side at least `side` pixels, or the whole picture's.

        It is never more than `KEPT_SIDE`. Raises UnreadablePicture.
        """
        if self._decoded is None or max(self._decoded.size) < min(side, self.side):
            self._decoded = self._decode(side)
        return self._decoded

    def _decode(self, side: int) -> Image.Image:
        with _named_errors(), _opened(self._content) as picture:
            _decode_small(picture, side)
            return _upright(picture)


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        # Our own limit below is stricter than the one Pillow warns about.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            yield
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


def _decode_small(picture: Image.Image, side: int) -> None:
    """Let a JPEG's decoder itself reduce what would be thrown away (PNG's cannot)."""
    longer = max(picture.size)
    side = min(side, longer)
    # In whole numbers, rounded down: a pixel more than a half would make Pillow decode it all.
    picture.draft("RGB", (picture.width * side // longer, picture.height * side // longer))


def _upright(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture.convert("RGB"))
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return upright
