"""The presses that somebody still waits for, and what is known of each."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from doorbell_client.door.timeouts import DoorTimeouts

MAX_VISITS: Final = 50


@dataclass
class Visit:
    """One press and what has become of it. Times are seconds of the door's clock."""

    press: str
    at: float
    ends_at: float
    ring_at: float | None
    """When the bell sounds by itself; None once it has sounded or need not."""
    rung: bool = False
    capturing_until: float = 0.0
    ring: str | None = None
    welcome: bool = False
    over: bool = False
    settled: bool = False
    """That no bell is due any more was told."""

    def is_live(self, now: float) -> bool:
        """Somebody stands at the door and expects something."""
        return now < self.ends_at and not self.over

    def end(self) -> None:
        """It was answered: no bell is due any more."""
        self.ring_at = None
        self.over = True


class Visits:
    """The latest visits, oldest first."""

    def __init__(self, timeouts: DoorTimeouts) -> None:
        self._timeouts = timeouts
        self._visits: list[Visit] = []

    def __len__(self) -> int:
        return len(self._visits)

    def __iter__(self) -> Iterator[Visit]:
        return iter(self._visits)

    def add(self, press: str, at: float) -> Visit:
        """A new press at `at`; after MAX_VISITS the oldest is forgotten."""
        timeouts = self._timeouts
        visit = Visit(press, at, at + timeouts.visit, at + timeouts.decision)
        self._visits = [*self._visits, visit][-MAX_VISITS:]
        return visit

    def live(self, now: float) -> list[Visit]:
        """Those that somebody still waits for."""
        return [visit for visit in self._visits if visit.is_live(now)]

    def repeated(self, at: float) -> bool:
        """Whether a press at `at` is of the ring of another, for the cloud, answered or not."""
        return any(abs(at - visit.at) < self._timeouts.ring_gap for visit in self._visits)

    def of_press(self, press: str | None) -> list[Visit]:
        """The visit of one press, if it is remembered."""
        return [visit for visit in self._visits if visit.press == press]

    def of_ring(self, ring: str | None) -> list[Visit]:
        """The presses of a ring: a repeat within seconds belongs to the ring under way."""
        return [visit for visit in self._visits if ring is not None and visit.ring == ring]

    def of_ring_or_new(self, ring: str, now: float) -> list[Visit]:
        """As `of_ring`; a ring of a former run, or of another program, is a new visit."""
        if not (visits := self.of_ring(ring)):
            visits = [self.add("", now)]
            visits[0].ring = ring
        return visits

    def newly_settled(self) -> Iterator[str]:
        """The presses for which no bell is due any more; each is given once."""
        for visit in self._visits:
            if visit.ring_at is None and not visit.settled:
                visit.settled = True
                yield visit.press

    def due(self, now: float) -> list[Visit]:
        """Those whose bell must sound now because no decision came."""
        return [
            visit for visit in self._visits if visit.ring_at is not None and now >= visit.ring_at
        ]

    def moments(self, now: float) -> Iterator[float]:
        """When something changes by time alone."""
        for visit in self._visits:
            yield visit.capturing_until
            yield visit.ends_at
            # A bell is due even when its time has passed: a former run's press.
            if visit.ring_at is not None:
                yield max(visit.ring_at, math.nextafter(now, math.inf))
