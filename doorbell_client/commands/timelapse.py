"""`doorbell timelapse`: a picture at the instants of a steady schedule, with a camera's token."""

import argparse
import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from doorbell_client.camera.schedule import Schedule
from doorbell_client.camera.timelapse import STATE_FILE, Event, Failed, Next, Taken, Timelapse
from doorbell_client.commands.arguments import Arguments, duration, profile_of
from doorbell_client.commands.station import station, supervised
from doorbell_client.config.conflicts import SHORTEST_EVERY
from doorbell_client.config.durations import seconds_of
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Config
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware import build_camera
from doorbell_client.signals import until_stopped

if TYPE_CHECKING:
    from doorbell_client.door.parts import Camera

_log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 3.0
"""A camera that was just opened finds its exposure and colours within this."""

KEPT_OPEN: Final = 120
"""A camera that takes a picture more often than every so many seconds stays open."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """When."""
    parser.add_argument(
        "--every",
        type=duration,
        metavar="6h",
        help="time between pictures: 90s, 15m, 6h, 1d",
    )
    parser.add_argument(
        "--offset",
        type=duration,
        metavar="30m",
        help="so much later than the full multiples of it, which count from midnight UTC",
    )


def run(asked: Arguments) -> int:
    """Take pictures until stopped."""
    logging.getLogger("doorbell_client").setLevel(logging.INFO)
    profile = profile_of(asked)
    asyncio.run(until_stopped(serve(profile, schedule_of(profile.config, asked))))
    return 0


def schedule_of(config: Config, asked: Arguments) -> Schedule:
    """What was asked for, else what is configured. Raises ConfigError."""
    every = seconds_of(config.timelapse.every) if asked.every is None else asked.every
    offset = seconds_of(config.timelapse.offset) if asked.offset is None else asked.offset
    if every < SHORTEST_EVERY:
        raise ConfigError(f"--every cannot be less than {SHORTEST_EVERY}s.")
    return Schedule(every, offset % every)


async def serve(profile: Profile, schedule: Schedule) -> None:
    """Take pictures until cancelled. Raises ClientError before it begins."""
    config = profile.config
    if config.camera.kind == "none":
        raise ConfigError("No camera is configured: name its `kind` in [camera].")
    async with station(profile, lambda shot: _log.info("a picture is delivered")) as outbox:
        camera = Taker(config, stays_open=schedule.every <= KEPT_OPEN)
        timelapse = Timelapse(
            schedule,
            camera.take,
            outbox,
            profile.credentials("camera").device,
            profile.pictures_folder() / STATE_FILE,
            watch=_log_event,
        )
        try:
            async with supervised(outbox):
                await timelapse.run()
        finally:
            await camera.close()


class Taker:
    """Opened for each picture, or kept open: a camera that runs warms up, and takes power."""

    def __init__(self, config: Config, *, stays_open: bool) -> None:
        self._config = config
        is_folder = config.camera.kind == "stills"
        self._stays_open = stays_open or is_folder
        self._settle = 0.0 if is_folder else SETTLE_SECONDS
        self._camera: Camera | None = None
        self._hangs = False

    async def take(self) -> bytes:
        """A picture of now. Raises CameraError."""
        try:
            return await self._picture()
        except TimeoutError:
            self._hangs = True
            raise CameraError("The camera gave no picture in time.") from None
        finally:
            # What hangs is kept: its thread would stay behind, one at every try. It refuses as
            # long as it is stuck, and opens the camera anew afterwards.
            if not (self._stays_open or self._hangs):
                await self.close()

    async def _picture(self) -> bytes:
        if self._camera is None:
            self._camera = build_camera(self._config)
            self._camera.start()
            await asyncio.sleep(self._settle)
        async with asyncio.timeout(self._config.camera.timeout + SETTLE_SECONDS):
            jpeg = (await self._camera.capture()).jpeg
        self._hangs = False
        return jpeg

    async def close(self) -> None:
        """Let go of the camera."""
        camera, self._camera = self._camera, None
        if camera is not None:
            await asyncio.to_thread(camera.close)


def _log_event(event: Event) -> None:
    match event:
        case Taken(instant):
            _log.info("a picture for %s is taken", _shown(instant))
        case Next(instant):
            _log.info("the next picture is due at %s", _shown(instant))
        case Failed(why):
            _log.info("no picture yet: %s", why)


def _shown(instant: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(instant))
