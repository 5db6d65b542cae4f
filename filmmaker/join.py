"""Parts of a film one after another, without encoding them again."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av

from filmmaker.errors import CannotJoin, NoPictures
from filmmaker.mp4 import INDEX_IN_FRONT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


DECODED_AHEAD: Final = 2
"""Frames that x264 keeps ahead at most: of those it shows late, others may ask for (b-pyramid)."""


def join(parts: Iterable[Path], into: Path) -> int:
    """Write the parts, all made by `write_mp4` with one size and rate, as one MP4; its frames.

    Takes one part after another, and is done with one before it asks for the next. Raises
    CannotJoin, NoPictures.
    """
    with av.open(str(into), "w", format="mp4", options=INDEX_IN_FRONT) as container:
        joined = _Joined(container)
        for part in parts:
            with av.open(str(part)) as opened:
                joined.append(opened)
        if not joined.frames:
            raise NoPictures()
        return joined.frames


class _Joined:
    """The film so far."""

    def __init__(self, container: Any) -> None:
        self.frames = 0
        self._container = container
        self._stream: Any = None
        self._settings: Any = None
        self._frame = Fraction(0)
        """How long each frame is shown, in the stream's own unit of time."""

    def append(self, part: Any) -> None:
        """One more part behind the others."""
        (video,) = part.streams.video
        settings = video.codec_context.extradata, video.time_base, video.average_rate
        if self._stream is None:
            self._stream = self._container.add_stream_from_template(video)
            self._settings = settings
            self._frame = 1 / (video.average_rate * video.time_base)
        if settings != self._settings:
            raise CannotJoin("Two parts were made with different settings.")
        begins = round(self.frames * self._frame)
        for packet in part.demux(video):
            if packet.dts is None:
                continue  # the end of the part, not a frame
            packet.pts += begins
            # As long before it is shown in every part: a short one keeps less ahead.
            packet.dts = round((self.frames - DECODED_AHEAD) * self._frame)
            packet.stream = self._stream
            self._container.mux(packet)
            self.frames += 1
