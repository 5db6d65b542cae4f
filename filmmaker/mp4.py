"""Pictures into MP4: H.264 as every browser plays it, its index in front (faststart)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av

from filmmaker.errors import NoPictures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from PIL import Image

QUALITY: Final = "23"
"""x264's constant rate factor; 23 is its own choice."""
PRESET: Final = "veryfast"
"""Against x264's own choice, `medium`: half the time, as many bytes, the same SSIM
(docs/films.md).
"""
BT709: Final = 1
"""Colours and brightness as ITU-R BT.709 has them (ITU-T H.273, tables 2 to 4)."""
TV_RANGE: Final = 1
INDEX_IN_FRONT: Final = {"movflags": "+faststart"}


def write_mp4(pictures: Iterable[Image.Image], into: Path, fps: float) -> None:
    """Write pictures of one size, both sides even. Raises NoPictures.

    The same settings at each call: parts can be joined without encoding again.
    """
    with av.open(str(into), "w", format="mp4", options=INDEX_IN_FRONT) as container:
        stream: Any = None
        for picture in pictures:
            if stream is None:
                stream = _stream(container, picture.size, rate(fps))
            container.mux(stream.encode(_frame(picture)))
        if stream is None:
            raise NoPictures()
        container.mux(stream.encode(None))


def rate(fps: float) -> Fraction:
    """Frames a second as a fraction that an MP4 can hold."""
    return Fraction(fps).limit_denominator(1000)


def _stream(container: Any, size: tuple[int, int], fps: Fraction) -> Any:
    options = {"preset": PRESET, "crf": QUALITY}
    stream = container.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = TV_RANGE
    return stream


def _frame(picture: Image.Image) -> Any:
    kind: Any = av.VideoFrame
    frame = kind.from_image(picture)
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
