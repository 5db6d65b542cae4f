"""One after another for those who want the same, side by side for all others."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Hashable


class Turns:
    """Belongs to the event loop's thread."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._wanted: Counter[Hashable] = Counter()

    @contextlib.asynccontextmanager
    async def of(self, what: Hashable) -> AsyncIterator[None]:
        """Entered by one at a time for each `what`, in the order in which they came."""
        self._wanted[what] += 1
        try:
            async with self._locks.setdefault(what, asyncio.Lock()):
                yield
        finally:
            self._wanted[what] -= 1
            if not self._wanted[what]:
                del self._wanted[what], self._locks[what]
