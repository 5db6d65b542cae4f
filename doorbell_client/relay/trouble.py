"""What could not be kept, told to the phones: until it is told, it is written down and repeated."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn, TypeAlias, TypeVar

import msgspec

from doorbell_client.config.cameras import Camera
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.disk import Disk, store
from doorbell_client.relay.cloud import Cloud

_log = logging.getLogger(__name__)

T = TypeVar("T")

What: TypeAlias = Literal["disk_full", "unreachable", "refused"]


class TroubleTimeouts(NamedTuple):
    """Seconds."""

    retry: float = 60.0
    """Until the cloud is tried again."""
    quiet: float = 600.0
    """The same trouble of a camera is told so seldom, with how much was dropped meanwhile."""


class Trouble(msgspec.Struct):
    """One camera's."""

    camera: str
    what: What
    since: float
    """When it began, seconds since 1970."""
    dropped: int = 0
    """Files that were not kept, and were not told of."""


class Troubles:
    """All that is to be told. Belongs to the event loop's thread."""

    def __init__(
        self,
        file: Path,
        cameras: Mapping[str, Camera],
        cloud: Cloud,
        disk: Executor,
        *,
        timeouts: TroubleTimeouts = TroubleTimeouts(),  # noqa: B008 - immutable
        now: Callable[[], float],
    ) -> None:
        """`now` is the wall clock."""
        self._file = file
        self._cameras = cameras
        self._cloud = cloud
        self._disk = disk
        self._timeouts = timeouts
        self._now = now
        self._pending: dict[tuple[str, What], Trouble] = {}
        self._told_at: dict[tuple[str, What], float] = {}
        self._unsaved = asyncio.Event()
        self._untold = asyncio.Event()

    def note(self, camera: Camera, what: What, dropped: int = 0) -> None:
        """Something happened that somebody must hear of."""
        key = (camera.name, what)
        found = self._pending.setdefault(key, Trouble(camera.name, what, self._now()))
        found.dropped += dropped
        self._wake()

    async def run(self) -> NoReturn:
        """Tell what there is, until cancelled."""
        for each in await self._in_thread(self._loaded):
            self._pending.setdefault((each.camera, each.what), each)
        self._wake()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_saved())
            tasks.create_task(self._keep_telling())
        raise AssertionError("unreachable")  # neither ends

    async def _keep_saved(self) -> NoReturn:
        while True:
            await self._unsaved.wait()
            self._unsaved.clear()
            content = msgspec.json.encode(list(self._pending.values()))
            await self._in_thread(partial(self._save, content))

    async def _keep_telling(self) -> NoReturn:
        while True:
            await self._untold.wait()
            self._untold.clear()
            while self._pending:
                for key, trouble in list(self._pending.items()):
                    if self._may_be_told(key):
                        await self._tell(key, trouble)
                await asyncio.sleep(self._timeouts.retry if self._pending else 0)

    async def _tell(self, key: tuple[str, What], trouble: Trouble) -> None:
        """What is noted while it is told stays for the next time."""
        camera, dropped = self._cameras.get(trouble.camera), trouble.dropped
        if camera is not None:
            try:
                await self._cloud.trouble(camera.token, trouble.what, trouble.since, dropped)
            except UploadFailed as error:
                _log.info("a trouble of %s waits to be told: %s", camera.name, error)
                return
        self._told_at[key] = self._now()
        trouble.dropped -= dropped
        if not trouble.dropped:
            del self._pending[key]
        self._unsaved.set()

    def _may_be_told(self, key: tuple[str, What]) -> bool:
        told_at = self._told_at.get(key)
        return told_at is None or self._now() - told_at >= self._timeouts.quiet

    def _wake(self) -> None:
        self._unsaved.set()
        self._untold.set()

    def _loaded(self) -> list[Trouble]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=list[Trouble])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return []

    def _save(self, content: bytes) -> None:
        """As well as a full disk lets us; it is in memory all the same."""
        try:
            store(Disk(), self._file, content)
        except OSError as error:
            _log.warning("what was dropped is noted in memory alone: %s", error.strerror)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)
