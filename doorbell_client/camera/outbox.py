"""Brings every shot to the cloud, once, and only then forgets it.

Each shot has an id of its own: asked again, the cloud names the same object, and an object is
written once. So whenever a shot may not have arrived it is sent again, also after kill -9.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Final, NamedTuple, TypeVar

from doorbell_client.camera.cloud import Cloud, Trouble
from doorbell_client.camera.shot import Shot
from doorbell_client.camera.shots import ShotSpool
from doorbell_client.errors import NotLetIn, PictureRefused, UploadFailed
from doorbell_client.outbox.upload import Sender, Sent

_log = logging.getLogger(__name__)

T = TypeVar("T")

FAILURES_IN_A_ROUND: Final = 2
"""What refuses two will refuse a thousand: the rest waits."""


class Progress(Enum):
    """How it goes."""

    IDLE = "everything is in the cloud"
    SENDING = "sending"
    STUCK = "the cloud is out of reach; pictures are kept"
    REFUSED = "the cloud does not let this camera in"


class ShotTimeouts(NamedTuple):
    """How a shot is tried again; seconds."""

    first_wait: float = 1.0
    longest_wait: float = 300.0
    most_in_memory: int = 4
    """Shots that found no room on the disk."""


class ShotOutbox:
    """All shots that are not in the cloud. Belongs to the event loop's thread."""

    def __init__(
        self,
        spool: ShotSpool,
        cloud: Cloud,
        sender: Sender,
        home: str,
        *,
        timeouts: ShotTimeouts = ShotTimeouts(),  # noqa: B008 - immutable
        sent: Callable[[Shot], None] = lambda shot: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`spool` is open; `home` is the mark of the home whose shots are sent."""
        self._spool = spool
        self._cloud = cloud
        self._sender = sender
        self.home = home
        self._timeouts = timeouts
        self._changed: Callable[[Progress], None] = lambda progress: None
        self._sent = sent
        self._clock = clock
        self._waiting: dict[Shot, bytes | None] = {}
        """Its content where the disk did not take it."""
        self._trouble: Trouble | None = None
        self._added = asyncio.Event()
        self._emptied = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shots")

    @property
    def waiting(self) -> int:
        """How many shots are not in the cloud yet."""
        return len(self._waiting)

    def watch(self, changed: Callable[[Progress], None]) -> None:
        """`changed` is told how it goes, from now on."""
        self._changed = changed

    def knows(self, shot_id: str) -> bool:
        """Whether a shot of this id waits."""
        return any(shot.id == shot_id for shot in self._waiting)

    async def load(self) -> None:
        """Take over what former runs left. Raises SpoolError."""
        shots = await self._run(self._spool.load)
        ours = [shot for shot in shots if shot.home == self.home]
        if len(ours) < len(shots):
            _log.warning("%d pictures of another home stay here", len(shots) - len(ours))
        self._waiting |= dict.fromkeys(ours)

    async def add(
        self,
        shot: Shot,
        content: bytes,
        kept: Callable[[], Awaitable[None]] | None = None,
    ) -> bool:
        """Keep it until it is in the cloud; False: there is no room for it at all.

        `kept` is awaited when the shot is safe, and before it may be sent.
        """
        held: bytes | None = None
        try:
            await self._run(lambda: self._spool.add(shot, content))
        except OSError as error:
            _log.warning("%s is kept in memory only: %s", shot.file_name, error)
            held = content
        in_memory = sum(each is not None for each in self._waiting.values())
        if held is not None and in_memory >= self._timeouts.most_in_memory:
            self._lost(1)
            return False
        if kept is not None:
            await kept()
        self._waiting[shot] = held
        await self._trim()
        self._added.set()
        self._changed(Progress.SENDING)
        return True

    async def empty(self) -> None:
        """Until nothing waits any more."""
        while self._waiting:
            self._emptied.clear()
            await self._emptied.wait()

    async def run(self) -> None:
        """Send, until cancelled."""
        wait = self._timeouts.first_wait
        while True:
            if not self._waiting:
                self._emptied.set()
                self._changed(Progress.IDLE)
                await self._added.wait()
            self._added.clear()
            self._changed(Progress.SENDING)
            progress = await self._round()
            if not self._waiting or self._added.is_set():
                wait = self._timeouts.first_wait
                continue
            self._changed(progress)
            try:
                await asyncio.wait_for(self._added.wait(), wait)
            except TimeoutError:
                wait = min(wait * 2, self._timeouts.longest_wait)

    async def close(self) -> None:
        """Finish what was begun on the disk."""
        await asyncio.to_thread(self._thread.shutdown)

    # --- one round --------------------------------------------------------------------

    async def _round(self) -> Progress:
        """Try every shot that waits, the newest first: who pressed just now waits for it."""
        tried: set[Shot] = set()
        failures = 0
        while failures < FAILURES_IN_A_ROUND and (left := self._waiting.keys() - tried):
            shot = max(left)
            tried.add(shot)
            try:
                await self._send(shot)
            except NotLetIn as error:
                _log.error("%s", error)
                return Progress.REFUSED
            except UploadFailed as error:
                _log.info("%s waits: %s", shot.file_name, error)
                failures += 1
            except Exception:
                _log.exception("%s could not be sent; it is tried again", shot.file_name)
                failures += 1
            else:
                failures = 0
        return Progress.STUCK

    async def _send(self, shot: Shot) -> None:
        """Raises UploadFailed, NotLetIn, OSError."""
        content = self._waiting[shot] or await self._run(lambda: self._spool.read(shot))
        if content is None:
            _log.warning("%s is gone from the spool", shot.file_name)
            self._waiting.pop(shot, None)
            return
        try:
            upload = await self._cloud.ask(shot, len(content))
        except PictureRefused as error:
            _log.error("%s is put aside: %s", shot.file_name, error)
            await self._run(lambda: self._spool.put_aside(shot))
            self._waiting.pop(shot, None)
            return
        if upload is not None and await self._sender.send(upload, content) is not Sent.DELIVERED:
            raise UploadFailed("The storage does not take the ticket.")
        await self._run(lambda: self._spool.remove(shot))
        self._waiting.pop(shot, None)
        self._sent(shot)
        await self._tell_trouble()

    # --- no room ------------------------------------------------------------------------

    async def _trim(self) -> None:
        try:
            dropped = await self._run(self._spool.trim)
        except OSError as error:
            _log.warning("%s", error)
            return
        for shot in dropped:
            self._waiting.pop(shot, None)
        self._lost(len(dropped))

    def _lost(self, shots: int) -> None:
        if shots:
            before = self._trouble or Trouble(self._clock(), 0)
            self._trouble = before._replace(dropped=before.dropped + shots)

    async def _tell_trouble(self) -> None:
        """Now that the cloud is there: what was lost while it was not."""
        if (trouble := self._trouble) is None:
            return
        self._trouble = None
        try:
            await self._cloud.tell(trouble)
        except UploadFailed as error:
            _log.info("that pictures were dropped is told later: %s", error)
            self._trouble = trouble

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
