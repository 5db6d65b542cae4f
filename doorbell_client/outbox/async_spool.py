"""The spool for the event loop: its work is done in one thread, in order, and never in the way."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from doorbell_client.clock import Moment
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Spool

_log = logging.getLogger(__name__)

T = TypeVar("T")


class AsyncSpool:
    """As `Spool`; what must be quick is done at once, the rest in the thread."""

    def __init__(self, spool: Spool, now: Callable[[], Moment], between_trims: float) -> None:
        """`between_trims` in seconds: so often it is looked for presses that must give way."""
        self._spool = spool
        self._now = now
        self._between_trims = between_trims
        self._trimmed_at = now()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")

    def note(self, record: Record) -> bool:
        """Write the press in a hurry, now; whether that worked."""
        try:
            self._spool.note(record)
        except OSError as error:
            _log.warning("press %s is kept in memory only: %s", record.press, error)
            return False
        return True

    def has_photo(self, press: str) -> bool:
        """Whether the camera gave one for this press."""
        return self._spool.has_photo(press)

    async def load(self) -> list[Record]:
        """What former processes left, oldest first."""
        return await self._run(lambda: self._spool.load(self._now()))

    async def keep(self, record: Record) -> None:
        """A noted press survives a power cut too. Raises OSError."""
        await self._run(lambda: self._spool.keep(record))

    async def add_photo(self, press: str, jpeg: bytes) -> None:
        """The picture of a kept press. Raises OSError."""
        await self._run(lambda: self._spool.add_photo(press, jpeg))

    async def photo(self, press: str) -> bytes | None:
        """The picture of a press, if there is one. Raises OSError."""
        return await self._run(lambda: self._spool.photo(press))

    async def mark_delivered(self, record: Record) -> None:
        """The press is in the cloud; a failure is only logged."""
        await self._try(lambda: self._spool.mark_delivered(record))

    async def remove(self, press: str) -> None:
        """The press is done with; a failure is only logged."""
        await self._try(lambda: self._spool.remove(press))

    async def trim(self) -> list[str]:
        """Drop what is too old or does not fit; returns the dropped ids."""
        self._trimmed_at = self._now()
        return await self._run(lambda: self._spool.trim(self._trimmed_at))

    async def trim_now_and_then(self) -> list[str]:
        """The same, but not often: to look at all of them takes its time."""
        is_due = self._now().since(self._trimmed_at) >= self._between_trims
        return await self.trim() if is_due else []

    async def stop(self) -> None:
        """Finish what was begun."""
        await asyncio.to_thread(self._thread.shutdown)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _try(self, work: Callable[[], None]) -> None:
        try:
            await self._run(work)
        except OSError as error:
            _log.warning("the spool cannot be changed: %s", error.strerror)
