"""When to try again after a line was lost or never came up."""

import random
from collections.abc import Callable

from doorbell_client.link.line import LinkTimeouts


class Backoff:
    """Seconds until the next try, spread out so that a fleet of doors does not come at once."""

    def __init__(self, timeouts: LinkTimeouts, draw: Callable[[], float] = random.random) -> None:
        """`draw` gives numbers from 0 to 1."""
        self._timeouts = timeouts
        self._draw = draw
        self._failures = 0
        self._turned_away = 0

    def after(self, lived: float, *, refused: bool = False) -> float:
        """The line lived for so many seconds (0: never came up). Returns seconds to wait."""
        if refused:
            return self._timeouts.refused_retry * (0.75 + self._draw() / 2)
        if lived >= self._timeouts.stable:
            self._failures = self._turned_away = 0
        # Beyond 2**16 the cap holds anyway, and Python would go on to ever larger integers.
        step = min(self._failures, 16)
        self._failures += 1
        longest = min(self._timeouts.longest_retry, self._timeouts.first_retry * 2.0**step)
        return longest * (0.5 + self._draw() / 2)

    def after_crowd(self) -> float:
        """The cloud takes no more connections for now. Returns seconds to wait.

        Any moment is as good as another: whoever was turned away together does not come together
        again, and each time they spread out further.
        """
        step = min(self._turned_away, 16)
        self._turned_away += 1
        limits = self._timeouts
        longest = min(limits.crowded_longest, limits.crowded_first * 2.0**step)
        return limits.first_retry + self._draw() * (longest - limits.first_retry)
