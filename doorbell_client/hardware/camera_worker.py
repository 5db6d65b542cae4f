"""One camera in a thread of its own, so that whatever a camera does, the door goes on.

Opening a camera takes seconds, and a broken one may hang while it opens, captures or closes. The
button, the bell and the strike never wait for that: the thread does one thing at a time, and
presses that come while it is stuck go without a photo. A press goes before every frame of a film.
"""

import asyncio
import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError

_log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_WAITING: Final = 8
"""Presses that wait for their picture at a time; as many frames may wait behind them."""

CLOSE_SECONDS: Final = 1.0
"""The end of the program waits so long for a camera to be let go."""


class Device(Protocol):
    """A camera that is open; each call takes its time."""

    def take(self) -> Photo:
        """A JPEG whose exposure began after this call. Raises CameraError."""

    def frame(self, shape: Shape) -> bytes:
        """A small JPEG of about now, as quickly as may be. Raises CameraError."""

    def close(self) -> None:
        """Let go of the camera."""


class _Kind(IntEnum):
    """What the thread is asked for, the most urgent first."""

    PRESS = 0
    CLOSE = 1
    FRAME = 2


class _Job(NamedTuple):
    """One thing for the thread to do."""

    kind: _Kind
    number: int
    """Of two of a kind the older one comes first."""
    future: Future[Any]
    do: Callable[[Device], Any]


class CameraWorker:
    """Opens a camera, and opens it again after every failure: the next press may have more luck."""

    def __init__(self, open_device: Callable[[], Device]) -> None:
        """`open_device` is called in the worker's thread; it raises CameraError if it cannot."""
        self._open = open_device
        self._device: Device | None = None
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._doing = 0
        """Which piece of work the thread does now; 0: it waits for a press."""
        self._given_up = 0
        """The piece of work during which somebody gave up waiting."""
        self._count = 0
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to open the camera; returns at once."""
        self._thread.start()

    async def capture(self) -> Photo:
        """A picture taken after this call. Raises CameraError, at once where none can be hoped."""
        if self._doing and self._doing == self._given_up:
            raise CameraError("The camera is still busy with an earlier press.")
        try:
            return await self._ask(_Kind.PRESS, lambda device: device.take())
        except asyncio.CancelledError:
            self._given_up = self._doing
            raise

    async def frame(self, shape: Shape) -> bytes:
        """A small picture of about now, once no press waits for its own. Raises CameraError."""
        # Who gives up on a frame says nothing about the camera.
        return await self._ask(_Kind.FRAME, lambda device: device.frame(shape))

    def close(self) -> None:
        """Let go of the camera, if it can be let go of in a moment."""
        self._put(_Kind.CLOSE, lambda device: None)
        if self._thread.is_alive():
            self._thread.join(timeout=CLOSE_SECONDS)

    async def _ask(self, kind: _Kind, do: Callable[[Device], T]) -> T:
        if self._waiting(kind) >= MOST_WAITING:
            raise CameraError("Too many presses wait for their picture.")
        return await asyncio.wrap_future(self._put(kind, do))

    def _put(self, kind: _Kind, do: Callable[[Device], T]) -> Future[T]:
        future: Future[T] = Future()
        self._jobs.put(_Job(kind, next(self._numbers), future, do))
        return future

    def _waiting(self, kind: _Kind) -> int:
        with self._jobs.mutex:
            return sum(job.kind is kind for job in self._jobs.queue)

    # --- in the thread ------------------------------------------------------------

    def _run(self) -> None:
        self._try_to_open()
        while (job := self._jobs.get()).kind is not _Kind.CLOSE:
            if job.future.set_running_or_notify_cancel():
                self._serve(job)
        self._let_go()

    def _serve(self, job: _Job) -> None:
        try:
            taken = self._work(lambda: job.do(self._ready()))
        except CameraError as error:
            job.future.set_exception(error)
            self._let_go()
            if job.kind is _Kind.FRAME:
                # Nobody waits now; the next press shall find it open.
                self._try_to_open()
        else:
            job.future.set_result(taken)

    def _try_to_open(self) -> None:
        try:
            self._work(self._ready)
        except CameraError as error:
            _log.warning("no camera yet: %s", error)

    def _ready(self) -> Device:
        if self._device is None:
            self._device = self._open()
        return self._device

    def _let_go(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            try:
                self._work(device.close)
            except CameraError as error:
                _log.warning("the camera does not close: %s", error)

    def _work(self, do: Callable[[], T]) -> T:
        """Do one thing; whatever it raises is a CameraError."""
        self._count += 1
        self._doing = self._count
        try:
            return do()
        except CameraError:
            raise
        except BaseException as error:
            # Not even SystemExit of a driver may end this thread: the next press tries again.
            raise CameraError(f"The camera failed: {type(error).__name__}: {error}") from error
        finally:
            self._doing = 0
