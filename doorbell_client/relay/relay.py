"""One relay: cameras on one side, the cloud on the other, and a disk between them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

from doorbell_client.config.cameras import Camera
from doorbell_client.relay.cloud import Cloud, CloudTimeouts
from doorbell_client.relay.events import Event, StreamFound, StreamLost
from doorbell_client.relay.gate import Gate
from doorbell_client.relay.kept import Kept
from doorbell_client.relay.listener import Admission, Listener
from doorbell_client.relay.patience import Patience
from doorbell_client.relay.places import TROUBLES
from doorbell_client.relay.reception import Ports
from doorbell_client.relay.recipient import Recipient
from doorbell_client.relay.room import Limits
from doorbell_client.relay.sending import Sending, SendTimeouts, Told
from doorbell_client.relay.store import Store
from doorbell_client.relay.stream import Stream, StreamTimeouts, Watcher
from doorbell_client.relay.transfer import Route
from doorbell_client.relay.trouble import Troubles, TroubleTimeouts
from doorbell_client.relay.words import counted
from doorbell_client.supervisor import Supervisor

DISK_THREADS: Final = 8
"""So many may wait for the disk at once; further ones wait their turn."""

BEAT_SECONDS: Final = 5.0
"""How often systemd hears that the loop still turns."""


class Settings(NamedTuple):
    """What the owner configured."""

    recipient: str
    """Where files go on to."""
    cameras: Sequence[Camera]
    folder: Path
    bind: str = "127.0.0.1"
    port: int = 0
    limits: Limits = Limits()


class Timing(NamedTuple):
    """How long everything may take."""

    patience: Patience = Patience()
    admission: Admission = Admission()
    cloud: CloudTimeouts = CloudTimeouts()
    send: SendTimeouts = SendTimeouts()
    trouble: TroubleTimeouts = TroubleTimeouts()
    stream: StreamTimeouts = StreamTimeouts()


class Relay:
    """Takes, keeps and sends on, until it is cancelled."""

    def __init__(
        self,
        settings: Settings,
        tell: Callable[[Event], None],
        *,
        timing: Timing = Timing(),  # noqa: B008 - immutable
        supervisor: Supervisor | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`tell` hears what happens."""
        self._settings = settings
        self._tell = tell
        self._timing = timing
        self._supervisor = supervisor or Supervisor({})
        self._now = now
        self._cameras = {camera.name: camera for camera in settings.cameras}
        self._store = Store(settings.folder, settings.limits, now=now)

    async def run(self, ready: Callable[[int], None]) -> None:
        """Until cancelled; `ready` is told the port as soon as cameras may come.

        Raises SpoolError, ConfigError before that.
        """
        async with contextlib.AsyncExitStack() as closing:
            disk = ThreadPoolExecutor(DISK_THREADS, thread_name_prefix="disk")
            closing.callback(disk.shutdown)
            kept = await asyncio.get_running_loop().run_in_executor(disk, self._store.open)
            closing.callback(self._store.close)
            cloud = Cloud(self._settings.recipient, self._timing.cloud)
            closing.push_async_callback(cloud.close)
            await self._serve(disk, cloud, kept, ready)

    async def _serve(
        self,
        disk: ThreadPoolExecutor,
        cloud: Cloud,
        kept: Sequence[Kept],
        ready: Callable[[int], None],
    ) -> None:
        troubles = Troubles(
            self._settings.folder / TROUBLES, self._cameras, cloud, disk,
            timeouts=self._timing.trouble, now=self._now,
        )  # fmt: skip
        sending = Sending(
            Route(self._store, cloud, disk),
            self._cameras,
            Told(self._tell, lambda camera: troubles.note(camera, "refused")),
            timeouts=self._timing.send,
        )
        for file in kept:
            sending.add(file)
        listener = self._listener(disk, sending, troubles)
        async with (
            listener.listening(self._settings.bind, self._settings.port) as port,
            _started(self._streams(sending, troubles)),
        ):
            ready(port)
            self._supervisor.ready()
            try:
                await _together(sending.run(), troubles.run(), self._keep_alive(sending))
            finally:
                self._supervisor.stopping()

    def _listener(self, disk: ThreadPoolExecutor, sending: Sending, troubles: Troubles) -> Listener:
        ports = Ports(
            self._store,
            disk,
            sending.add,
            lambda camera: troubles.note(camera, "disk_full", dropped=1),
            self._tell,
            self._now,
        )
        recipient = Recipient(Gate(self._settings.cameras), ports)
        return Listener(recipient, self._timing.admission, self._timing.patience)

    def _streams(self, sending: Sending, troubles: Troubles) -> list[Stream]:
        watcher = Watcher(
            kept=sending.add,
            found=lambda camera: self._tell(StreamFound(camera.name)),
            lost=lambda camera, why: self._tell(StreamLost(camera.name, why)),
            missed=lambda camera: troubles.note(camera, "unreachable"),
            no_room=lambda camera: troubles.note(camera, "disk_full", dropped=1),
        )
        return [
            Stream(camera, self._store, watcher, self._timing.stream, self._now)
            for camera in self._settings.cameras
            if camera.rtsp
        ]

    async def _keep_alive(self, sending: Sending) -> None:
        while True:
            self._supervisor.alive()
            self._supervisor.status(counted(len(sending.queue), sending.queue.size))
            await asyncio.sleep(BEAT_SECONDS)


@contextlib.asynccontextmanager
async def _started(streams: Sequence[Stream]) -> AsyncIterator[None]:
    """Fetch these while entered."""
    for stream in streams:
        stream.start()
    try:
        yield
    finally:
        await asyncio.gather(*(stream.stop() for stream in streams))


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """All of them, until one fails or this is cancelled."""
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(work)
