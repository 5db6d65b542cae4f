"""A picture at every instant of a schedule, for a film of months.

That an instant is done with is written down when its picture is safe and before that may be sent;
the picture's id is made of its instant. So a restart at any moment takes no picture twice, and
missed instants give one picture at the most.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from doorbell_client.camera.outbox import ShotOutbox
from doorbell_client.camera.schedule import Schedule, judge
from doorbell_client.camera.shot import new_shot
from doorbell_client.errors import CameraError
from doorbell_client.outbox.disk import Disk, store

_log = logging.getLogger(__name__)

STATE_FILE: Final = "timelapse"
"""Beside the pictures: the instant up to which everything is done with."""


class Taken(NamedTuple):
    """The picture of this instant is kept."""

    instant: int


class Failed(NamedTuple):
    """There is no picture yet; it is tried again until the next instant."""

    why: str


class Next(NamedTuple):
    """The next picture is due then."""

    instant: int


Event: TypeAlias = Taken | Failed | Next

Take: TypeAlias = Callable[[], Awaitable[bytes]]
"""Gives a JPEG of now. Raises CameraError."""


class Time(NamedTuple):
    """The wall clock, and how to wait for it."""

    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    longest_sleep: float = 30.0
    """Seconds; so soon a clock that was set, or a machine that slept, is noticed."""
    retry: float = 30.0
    """Seconds, after a camera that gave no picture."""


class Timelapse:
    """One camera's pictures. Belongs to the event loop's thread."""

    def __init__(
        self,
        schedule: Schedule,
        take: Take,
        outbox: ShotOutbox,
        device: str,
        state: Path,
        *,
        watch: Callable[[Event], None] = lambda event: None,
        at: Time = Time(),  # noqa: B008 - immutable
        disk: Disk | None = None,
    ) -> None:
        """`outbox` has loaded what former runs left; `device` names this camera among all, and
        `state` remembers the instants.
        """
        self._schedule = schedule
        self._take = take
        self._outbox = outbox
        self._device = device
        self._state = state
        self._watch = watch
        self._at = at
        self._disk = disk or Disk()
        self._done = _read(state)
        self._told: int | None = None

    async def run(self) -> None:
        """Until cancelled."""
        await self._recover()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._outbox.run())
            tasks.create_task(self._keep_time())

    async def _recover(self) -> None:
        """A run that was killed in between has its picture in the outbox and said so nowhere."""
        latest = self._schedule.latest(self._at.clock())
        if self._outbox.knows(self._id(latest)):
            await self._remember(latest)

    async def _keep_time(self) -> None:
        while True:
            now = self._at.clock()
            instant, done = judge(self._schedule, self._done, now)
            await self._remember(done)
            if instant is None:
                await self._wait(now)
            elif not await self._picture(instant):
                await self._at.sleep(self._at.retry)

    async def _wait(self, now: float) -> None:
        following = self._schedule.following(now)
        if following != self._told:
            self._told = following
            self._watch(Next(following))
        await self._at.sleep(min(self._at.longest_sleep, following - now))

    async def _picture(self, instant: int) -> bool:
        try:
            jpeg = await self._take()
        except CameraError as error:
            return self._failed(str(error))
        shot = new_shot("picture", self._at.clock(), self._outbox.home, self._id(instant))
        if not await self._outbox.add(shot, jpeg, lambda: self._remember(instant)):
            return self._failed("There is no room for a picture.")
        self._watch(Taken(instant))
        return True

    def _failed(self, why: str) -> bool:
        _log.warning("no picture: %s", why)
        self._watch(Failed(why))
        return False

    def _id(self, instant: int) -> str:
        """The same instant of this camera gives the same one, whenever it is asked for."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"doorbell:{self._device}:{instant}"))

    async def _remember(self, done: int) -> None:
        """A failure is only logged: this run remembers it."""
        if done == self._done:
            return
        self._done = done
        content = json.dumps({"done": done}).encode()
        try:
            await asyncio.to_thread(store, self._disk, self._state, content)
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._state, error.strerror)


def _read(file: Path) -> int | None:
    try:
        done = json.loads(file.read_bytes())["done"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        _log.warning("%s cannot be read; it begins anew", file)
        return None
    return done if isinstance(done, int) else None
