"""A relay that is alive in this process, with short waits, against the fake cloud."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, TypeVar

from doorbell_client.config.cameras import Camera
from doorbell_client.link.line import LinkTimeouts
from doorbell_client.relay.cloud import CloudTimeouts
from doorbell_client.relay.events import Event
from doorbell_client.relay.listener import Admission
from doorbell_client.relay.patience import Patience
from doorbell_client.relay.relay import Relay, Settings, Timing
from doorbell_client.relay.room import Limits
from doorbell_client.relay.rtsp import RtspTimeouts
from doorbell_client.relay.sending import SendTimeouts
from doorbell_client.relay.stream import StreamTimeouts
from doorbell_client.relay.trouble import TroubleTimeouts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from tests.doorbell_client.relay.fake_cloud import FakeCloud

E = TypeVar("E", bound=Event)

GARDEN = Camera("garden", "home.garden.secret", "axis", "rosebud")
DRIVE = Camera("drive", "home.drive.secret", "drive", "home.drive.secret")

SHORT = Timing(
    patience=Patience(head=0.4, idle=1, pace=0.6, least=2_000, answer=1, linger=0.5, silence=0.2),
    admission=Admission(grace=0.5),
    cloud=CloudTimeouts(connect=0.5, silence=0.4),
    send=SendTimeouts(first_wait=0.02, longest_wait=0.2, token=0.3, refused=0.3),
    trouble=TroubleTimeouts(retry=0.05, quiet=0.3),
    stream=StreamTimeouts(
        segment=1.0,
        rtsp=RtspTimeouts(open=5, silence=2),
        missed=0.3,
        retries=LinkTimeouts(first_retry=0.1, longest_retry=0.3, refused_retry=0.3),
    ),
)


class Living:
    """One run of a relay."""

    def __init__(self, port: int, folder: Path, events: list[Event], task: asyncio.Task[None]):
        self.port = port
        self.folder = folder
        self.events = events
        self._task = task
        self.stopped = False

    async def stop(self) -> None:
        """As SIGTERM does."""
        self.stopped = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def of(self, kind: type[E]) -> list[E]:
        return [each for each in self.events if isinstance(each, kind)]

    def left(self) -> list[str]:
        """What of files is on the disk."""
        return sorted(file.name for file in self.folder.iterdir() if file.name[8:9] == "-")

    async def until(self, true: Callable[[], object], seconds: float = 20) -> None:
        """Far longer than anything here takes: a busy machine may stand still for seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    if self._task.done():
                        self._task.result()
                        raise AssertionError("the relay ended by itself")
                    await asyncio.sleep(0.005)
        except TimeoutError as error:
            raise AssertionError(f"it did not come; so far: {self.events}") from error


@contextlib.asynccontextmanager
async def alive(
    cloud: FakeCloud,
    folder: Path,
    cameras: Sequence[Camera] = (GARDEN, DRIVE),
    *,
    timing: Timing = SHORT,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> AsyncIterator[Living]:
    events: list[Event] = []
    relay = Relay(
        Settings(cloud.recipient, cameras, folder, limits=limits), events.append, timing=timing
    )
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(relay.run(ready.set_result))
    try:
        await asyncio.wait((ready, task), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        living = Living(ready.result(), folder, events, task)
        yield living
        assert living.stopped or not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
