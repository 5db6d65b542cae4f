"""Brings every file to the cloud, and only then forgets it; for ever, whatever fails."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple, NoReturn

from doorbell_client.clock import uptime
from doorbell_client.config.cameras import Camera
from doorbell_client.errors import FileRefused, TokenRefused, UploadFailed
from doorbell_client.relay.events import Delivered, Event, Refused, TokenUnknown, Waits
from doorbell_client.relay.kept import Kept
from doorbell_client.relay.queue import Lane, Queue, Waiting
from doorbell_client.relay.transfer import Route, Transfer

_log = logging.getLogger(__name__)

WORKERS: Final[dict[Lane, int]] = {"small": 3, "large": 1}
"""How many files of a lane go at a time."""


class SendTimeouts(NamedTuple):
    """When a file goes again; seconds."""

    first_wait: float = 1.0
    longest_wait: float = 60.0
    token: float = 300.0
    """After the cloud did not take a camera's token."""
    refused: float = 3600.0
    """After the cloud did not take a file as it is."""


class Told(NamedTuple):
    """Who is told of what."""

    event: Callable[[Event], None]
    refused: Callable[[Camera], None]
    """The cloud does not take a file of this camera."""


class Sending:
    """All files of one relay. Belongs to the event loop's thread."""

    def __init__(
        self,
        route: Route,
        cameras: Mapping[str, Camera],
        told: Told,
        *,
        timeouts: SendTimeouts = SendTimeouts(),  # noqa: B008 - immutable
        clock: Callable[[], float] = uptime,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`draw` gives numbers from 0 to 1."""
        self.queue = Queue()
        self._route = route
        self._cameras = cameras
        self._told = told
        self._timeouts = timeouts
        self._clock = clock
        self._draw = draw
        self._changed = asyncio.Event()
        self._failures = 0
        self._recovered = asyncio.Event()

    def add(self, kept: Kept) -> None:
        """A file that is all there. Files of a camera that is not configured any more only wait."""
        if kept.about.camera in self._cameras:
            self.queue.add(kept)
            self._wake()
        else:
            _log.warning("%s is of %r, which is no camera any more", kept.id, kept.about.camera)

    async def run(self) -> NoReturn:
        """Until cancelled."""
        async with asyncio.TaskGroup() as workers:
            for lane, count in WORKERS.items():
                for _ in range(count):
                    workers.create_task(self._work(lane))
        raise AssertionError("unreachable")  # its workers never end

    async def _work(self, lane: Lane) -> NoReturn:
        while True:
            waiting = self.queue.take(lane, self._clock())
            if waiting is None:
                await self._until_changed(lane)
            elif not await self._sent(waiting):
                await self._rest()

    async def _until_changed(self, lane: Lane) -> None:
        now = self._clock()
        due, changed = self.queue.next_due(lane, now), self._changed
        try:
            async with asyncio.timeout(None if due is None else due - now):
                await changed.wait()
        except TimeoutError:
            pass

    async def _sent(self, waiting: Waiting) -> bool:
        """One try. Whether the next one need not be put off."""
        queue, kept = self.queue, waiting.kept
        camera = self._cameras[kept.about.camera]
        now = self._clock
        try:
            await Transfer(self._route, kept, camera.token, partial(self._came_on, waiting)).run()
            await asyncio.get_running_loop().run_in_executor(
                self._route.disk, self._route.store.forget, kept
            )
        except TokenRefused:
            if not queue.is_closed(camera.name):
                self._told.event(TokenUnknown(camera.name))
            queue.close(waiting, now() + self._timeouts.token)
        except FileRefused as error:
            if not waiting.is_refused:
                self._told.event(Refused(camera.name, str(error)))
                self._told.refused(camera)
            queue.set_back(waiting, now() + self._timeouts.refused)
        except Exception as error:
            self._failed(waiting, error)
            return False
        else:
            queue.done(waiting)
            self._came_on(waiting)
            self._told.event(Delivered(camera.name, kept.about.name, kept.size))
        self._wake()
        return True

    def _failed(self, waiting: Waiting, error: Exception) -> None:
        known = isinstance(error, UploadFailed | OSError)
        _log.info("%s waits: %s", waiting.kept.id, error, exc_info=not known)
        if not self._failures:
            self._told.event(Waits(str(error)))
        self._failures += 1
        self.queue.failed(waiting, self._clock(), self._pause())
        self._wake()

    def _came_on(self, waiting: Waiting) -> None:
        """Something has arrived: the cloud can be reached."""
        waiting.failures = 0
        if self._failures:
            self._failures = 0
            self._recovered.set()
            self._recovered = asyncio.Event()

    async def _rest(self) -> None:
        """Until it is time for another try, or another worker has had a success."""
        recovered = self._recovered
        try:
            async with asyncio.timeout(self._pause()):
                await recovered.wait()
        except TimeoutError:
            pass

    def _pause(self) -> float:
        """Seconds, longer each time, and spread out so that relays do not come all at once."""
        # Several workers fail together: their failures count as one. Beyond 2**16 the cap holds.
        step = min(self._failures // sum(WORKERS.values()), 16)
        longest = min(self._timeouts.longest_wait, self._timeouts.first_wait * 2.0**step)
        return longest * (0.5 + self._draw() / 2)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
