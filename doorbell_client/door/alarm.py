"""One timer of the event loop that is set again and again."""

import asyncio
import math
from collections.abc import Callable

LATER = 0.001
"""A timer that fires a little too early would find nothing to do."""


class Alarm:
    """Calls `ring` at the moment it was set to last."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        """Whether it will ring."""
        return self._timer is not None

    def set(self, seconds: float) -> None:
        """Ring after so many seconds, at once if they are past; infinity: never."""
        self.stop()
        if seconds < math.inf:
            self._timer = self._loop.call_later(seconds + LATER, self._ring)

    def stop(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
