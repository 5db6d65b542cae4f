"""Time at the door: seconds that go on while the machine sleeps, and an honest age for a press.

A Raspberry Pi has no clock of its own: after a power cut its wall clock is wrong until the
network sets it. Within one boot only the uptime counts; across boots the wall clock is all there
is, and a press from before is never taken for a new one.
"""

import time
import uuid
from pathlib import Path
from typing import Final, NamedTuple

from doorbell.protocol import MAX_AGE_SECONDS

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

STALE_SECONDS: Final = 61.0
"""The cloud takes a press older than 60 s for one that nobody can answer any more."""


def uptime() -> float:
    """Seconds since some moment of this boot; never jumps, counts sleep where the system can."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def boot_id() -> str:
    """Names this boot of this machine; where the system does not say, it names this process."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return _PROCESS_ID


_PROCESS_ID: Final = str(uuid.uuid4())


class Moment(NamedTuple):
    """One moment, as this machine knows it: wall clock (seconds since 1970), boot and uptime."""

    wall: float
    boot: str
    uptime: float

    @classmethod
    def now(cls) -> "Moment":
        """This moment."""
        return cls(time.time(), boot_id(), uptime())

    def at_wall(self, wall: float) -> "Moment":
        """The moment at which the wall clock showed `wall`: of this boot, if it is that recent."""
        ago = self.wall - wall
        if 0 <= ago <= self.uptime:
            return Moment(wall, self.boot, self.uptime - ago)
        return Moment(wall, "", 0.0)

    def since(self, earlier: "Moment") -> float:
        """Seconds from `earlier` until now, within what the cloud believes.

        From another boot it is at least STALE_SECONDS: the clock may have stood still meanwhile.
        """
        if self.boot == earlier.boot:
            return _clamp(self.uptime - earlier.uptime, 0.0)
        return _clamp(self.wall - earlier.wall, STALE_SECONDS)

    def surely_since(self, earlier: "Moment") -> float:
        """Seconds that have certainly passed since `earlier`: of another boot, those of this one.

        By the wall clock, a press from before the network had set it would seem years old.
        """
        seconds = self.since(earlier)
        return seconds if self.boot == earlier.boot else min(seconds, self.uptime)


def _clamp(seconds: float, least: float) -> float:
    return min(max(seconds, least), float(MAX_AGE_SECONDS))
