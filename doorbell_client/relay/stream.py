"""Fetches one camera's RTSP stream for as long as the relay lives, in a thread of its own.

PyAV waits for packets; a thread may. What it has to say goes to the event loop.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from doorbell_client.clock import uptime
from doorbell_client.config.cameras import Camera
from doorbell_client.errors import SpoolFull, StreamError, StreamRefused
from doorbell_client.link.backoff import Backoff
from doorbell_client.link.line import LinkTimeouts
from doorbell_client.relay.absence import Absence
from doorbell_client.relay.incoming import Incoming
from doorbell_client.relay.kept import About, Kept, Type
from doorbell_client.relay.rtsp import RtspTimeouts, check_library, opened
from doorbell_client.relay.segments import Container, Cutter
from doorbell_client.relay.store import Store

_log = logging.getLogger(__name__)

TYPES: Final[dict[Container, Type]] = {"mkv": "video/x-matroska", "mp4": "video/mp4"}

NAME: Final = "stream"
"""What such a file is called in the cloud, after its camera and moment."""

_RETRIES: Final = LinkTimeouts(first_retry=1.0, longest_retry=60.0, refused_retry=300.0)


class StreamTimeouts(NamedTuple):
    """Seconds."""

    segment: float = 60.0
    """A file is cut at the first key frame after so long."""
    rtsp: RtspTimeouts = RtspTimeouts()
    missed: float = 300.0
    """A stream that is away for so long is told on the phones."""
    stop: float = 3.0
    """For the last file to be closed when the relay stops."""
    retries: LinkTimeouts = _RETRIES


class Watcher(NamedTuple):
    """Who is told what, in the event loop."""

    kept: Callable[[Kept], None]
    found: Callable[[Camera], None]
    lost: Callable[[Camera, str], None]
    missed: Callable[[Camera], None]
    """It is away for a while now."""
    no_room: Callable[[Camera], None]


class Stream:
    """One camera's."""

    def __init__(
        self,
        camera: Camera,
        store: Store,
        watcher: Watcher,
        timeouts: StreamTimeouts = StreamTimeouts(),  # noqa: B008 - immutable
        now: Callable[[], float] = time.time,
    ) -> None:
        """Raises ConfigError where PyAV is not installed."""
        check_library()
        self._camera = camera
        self._store = store
        self._watcher = watcher
        self._timeouts = timeouts
        self._now = now
        self._backoff = Backoff(timeouts.retries)
        self._stopping = threading.Event()
        self._found = False
        self._loop = asyncio.get_running_loop()
        name = f"stream of {camera.name}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    async def stop(self) -> None:
        """Close the file that is being written, and keep it."""
        self._stopping.set()
        await asyncio.to_thread(self._thread.join, self._timeouts.stop)

    # --- in the thread -----------------------------------------------------------------

    def _run(self) -> None:
        absence = Absence(uptime())
        while not self._stopping.is_set():
            began, self._found = uptime(), False
            why, refused = self._fetch_safely()
            if self._stopping.is_set():
                return
            if self._found:
                absence = Absence(uptime())
            if absence.is_news(why):
                self._tell(self._watcher.lost, why)
            if absence.is_long(uptime(), self._timeouts.missed):
                self._tell(self._watcher.missed)
            lived = uptime() - began if self._found else 0.0
            self._stopping.wait(self._backoff.after(lived, refused=refused))

    def _fetch_safely(self) -> tuple[str, bool]:
        """One connection: why it ended, and whether the camera does not let us in."""
        try:
            self._fetch()
        except SpoolFull:
            self._tell(self._watcher.no_room)
            return "there is no room for it", False
        except StreamError as error:
            return str(error), isinstance(error, StreamRefused)
        except Exception as error:
            _log.exception("the stream of %s failed", self._camera.name)
            return type(error).__name__, False
        return "it ended", False

    def _fetch(self) -> None:
        """One connection, until it ends. Raises StreamError, SpoolFull."""
        with opened(str(self._camera.rtsp), self._timeouts.rtsp) as source:
            streams = [*source.streams.video[:1], *source.streams.audio[:1]]
            if not source.streams.video:
                raise StreamError("There are no pictures in it.")
            self._found = True
            self._tell(self._watcher.found)
            self._copy(source, streams)

    def _copy(self, source: Any, streams: list[Any]) -> None:
        cutter = Cutter(streams, self._camera.container, self._begin, self._timeouts.segment)
        try:
            for packet in source.demux(streams):
                cutter.take(packet)
                if self._stopping.is_set():
                    break
        except SpoolFull:
            cutter.discard()
            raise
        finally:
            cutter.finish()

    def _begin(self) -> "_Sink":
        about = About(self._camera.name, TYPES[self._camera.container], NAME, self._now())
        with _disk():
            kept, incoming = self._store.begin_stream(about)
        return _Sink(self, kept, incoming, about)

    def keep(self, kept: str, incoming: Incoming, about: About) -> None:
        """A file is whole. Raises SpoolFull, OSError."""
        receipt = self._store.keep(kept, incoming, about, told=True)
        self._loop_soon(partial(self._watcher.kept, receipt.kept))

    def drop(self, kept: str, incoming: Incoming) -> None:
        """A file cannot be kept."""
        self._store.discard(kept, incoming)

    def _tell(self, whom: Callable[..., None], *more: str) -> None:
        self._loop_soon(partial(whom, self._camera, *more))

    def _loop_soon(self, call: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is over, and nobody listens any more
            self._loop.call_soon_threadsafe(call)


class _Sink(NamedTuple):
    """Where one file of a stream goes. What the disk refuses is no room, whatever the reason."""

    stream: Stream
    kept: str
    incoming: Incoming
    about: About

    def write_at(self, offset: int, piece: bytes) -> None:
        """Write there. Raises SpoolFull."""
        with _disk():
            self.incoming.write_at(offset, piece)

    def finish(self) -> None:
        """The file is whole. Raises SpoolFull."""
        with _disk():
            self.stream.keep(self.kept, self.incoming, self.about)

    def discard(self) -> None:
        """Nothing of it is kept."""
        self.stream.drop(self.kept, self.incoming)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except SpoolFull:
        raise
    except OSError as error:
        raise SpoolFull(f"The disk does not take it: {error.strerror}.") from None
