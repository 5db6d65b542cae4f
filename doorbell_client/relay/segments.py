"""A stream as files of a minute each, cut at key frames, without decoding a single picture."""

import io
import logging
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, Literal, Protocol, TypeAlias

from doorbell_client.errors import StreamError

_log = logging.getLogger(__name__)

Container: TypeAlias = Literal["mkv", "mp4"]

FORMATS: Final[dict[Container, str]] = {"mkv": "matroska", "mp4": "mp4"}
"""FFmpeg's name for each."""

_OPTIONS: Final[dict[Container, dict[str, str]]] = {
    # Written every second, so that what is cut off by a power cut is short, and the rest opens.
    "mkv": {"cluster_time_limit": "1000", "flush_packets": "1"},
    "mp4": {},
}

JUMP_SECONDS: Final = 10
"""Time that goes back or ahead by more is a camera that was restarted or set anew."""


class Sink(Protocol):
    """Where one file goes. Any method raises OSError."""

    def write_at(self, offset: int, piece: bytes) -> None:
        """Write it there, also over what stands there already."""

    def finish(self) -> None:
        """The file is whole."""

    def discard(self) -> None:
        """Nothing of it is kept."""


class Cutter:
    """Copies the packets of one connection into one file after another."""

    def __init__(
        self,
        sources: list[Any],
        container: Container,
        begin: Callable[[], Sink],
        seconds: float,
    ) -> None:
        """`sources` are PyAV's streams, the pictures first; `begin` gives each file's place."""
        self._sources = sources
        self._container = container
        self._begin = begin
        self._seconds = seconds
        self._segment: _Segment | None = None

    def take(self, packet: Any) -> None:
        """The next packet. Raises StreamError, OSError."""
        moment = _moment(packet)
        if moment is None:
            return  # the end of the stream, or something without a time
        pictures = packet.stream is self._sources[0]
        if pictures and packet.is_keyframe and self._is_due(moment):
            self.finish()
            self._segment = _Segment(self._sources, self._container, self._begin(), moment)
        if self._segment is not None:
            self._segment.add(packet)

    def finish(self) -> None:
        """What has come so far is a whole file. Raises OSError."""
        if self._segment is not None:
            segment, self._segment = self._segment, None
            segment.finish()

    def discard(self) -> None:
        """The file that is under way cannot be kept."""
        if self._segment is not None:
            segment, self._segment = self._segment, None
            segment.discard()

    def _is_due(self, moment: Fraction) -> bool:
        return self._segment is None or moment - self._segment.begins >= self._seconds


class _Segment:
    """One file."""

    def __init__(self, sources: list[Any], container: Container, sink: Sink, begins: Fraction):
        import av

        self.begins = begins
        self._sink = sink
        self._file = _Writer(sink)
        self._streams: dict[int, Any] = {}
        self._last: dict[int, int] = {}
        try:
            self._output = av.open(
                self._file, "w", format=FORMATS[container], options=_OPTIONS[container]
            )
            for source in sources:
                self._copy(source)
        except BaseException:
            self.discard()
            raise

    def add(self, packet: Any) -> None:
        """Copy one packet, with its time counted from the file's beginning."""
        source = packet.stream
        if source.index not in self._streams:
            return
        shift = round(self.begins / source.time_base)
        dts = packet.dts if packet.dts is not None else packet.pts
        pts = packet.pts if packet.pts is not None else dts
        packet.dts = self._in_order(source, dts - shift)
        packet.pts = max(pts - shift, packet.dts)
        packet.stream = self._streams[source.index]
        self._output.mux(packet)

    def finish(self) -> None:
        """Write the rest of it. Raises OSError; then nothing of it is kept."""
        try:
            self._output.close()
        except BaseException:
            self._sink.discard()
            raise
        self._sink.finish()

    def discard(self) -> None:
        """Nothing of it is kept."""
        # Else the container would go on to write its end when it is collected.
        self._file.close()
        self._sink.discard()

    def _copy(self, source: Any) -> None:
        """A stream like this one, as it is. Raises StreamError for pictures that do not fit."""
        try:
            self._streams[source.index] = self._output.add_stream_from_template(source, opaque=True)
        except ValueError:
            name = source.codec_context.name
            if source.type == "video":
                raise StreamError(f"Its pictures ({name}) do not fit into this file.") from None
            _log.debug("sound in %s does not fit into this file; it is left out", name)

    def _in_order(self, source: Any, dts: int) -> int:
        """No container takes two packets of one moment. Raises StreamError."""
        last = self._last.get(source.index)
        if last is not None:
            if abs(dts - last) * source.time_base > JUMP_SECONDS:
                raise StreamError("The camera's time has jumped.")
            dts = max(dts, last + 1)
        self._last[source.index] = dts
        return dts


class _Writer(io.RawIOBase):
    """A sink as FFmpeg's muxers want a file: they go back to write lengths and an index."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self._sink = sink
        self._at = self._end = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._sink.write_at(self._at, bytes(piece))
        self._at += len(piece)
        self._end = max(self._end, self._at)
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at


def _moment(packet: Any) -> Fraction | None:
    """When it is, in seconds of the camera's stream."""
    at = packet.pts if packet.pts is not None else packet.dts
    return None if at is None or not packet.size else Fraction(at * packet.time_base)
