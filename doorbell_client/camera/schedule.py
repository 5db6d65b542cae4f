"""When a picture is due: at every multiple of a duration, by the wall clock and nothing else.

Instants are whole seconds since 1970, so they are the same for everybody, before and after a
restart, and no delay of one picture moves the next.
"""

import math
from typing import NamedTuple


class Schedule(NamedTuple):
    """Every so many seconds, `offset` seconds after midnight of 1 January 1970, UTC."""

    every: int
    offset: int = 0

    def latest(self, now: float) -> int:
        """The last instant that is not after `now`."""
        return math.floor((now - self.offset) / self.every) * self.every + self.offset

    def following(self, now: float) -> int:
        """The first instant after `now`."""
        return self.latest(now) + self.every


class Due(NamedTuple):
    """What to do now."""

    instant: int | None
    """Take a picture for this one; None: wait."""
    done: int
    """The instant up to which everything is done with."""


def judge(schedule: Schedule, done: int | None, now: float) -> Due:
    """What is due at `now`; everything up to the instant `done` is done with (None: first run).

    Of several missed instants the last one counts alone. After the clock was set back nothing is
    taken twice; but a clock that was once far ahead must not stop everything until then.
    """
    latest = schedule.latest(now)
    if done is None or done - latest > schedule.every:
        return Due(None, latest)
    return Due(latest if latest > done else None, done)
