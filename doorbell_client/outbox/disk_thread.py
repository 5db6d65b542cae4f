"""The one thread in which the spool is read and written: in order, and never in the loop's way."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")


class DiskThread:
    """Does one piece of work after another."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")

    async def run(self, work: Callable[[], T]) -> T:
        """Do it when its turn has come. Raises what `work` raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def try_to(self, work: Callable[[], None]) -> None:
        """The same; that the disk refuses is only logged."""
        try:
            await self.run(work)
        except OSError as error:
            _log.warning("the spool cannot be changed: %s", error.strerror)

    async def stop(self) -> None:
        """Finish what was begun."""
        await asyncio.to_thread(self._thread.shutdown)
