"""An evening's rings before a quota of face searches: who is compared in time, and who rings.

Nobody waits longer than the door does: a ring that is not compared by then rings through, as it
does when Rekognition is down.
"""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

PATIENCE: Final = 8.0
"""Seconds after which the door chimes by itself (`doorbell_client/door`)."""
RETRIES: Final = (1.0, 1.5)
"""Seconds, with full jitter: `SearchFaces` in statemachines/visitor.asl.json."""

Policy: TypeAlias = Literal["retry", "oldest first", "newest first"]


class Evening(NamedTuple):
    """What became of the rings."""

    waits: list[float]
    """Seconds until the search, of those that were compared."""
    rung: int
    """How many rang through uncompared."""

    @property
    def share(self) -> float:
        """Of all rings, how many were compared in time."""
        return len(self.waits) / max(1, len(self.waits) + self.rung)


def arrivals(rates: Sequence[float], random: Random) -> list[float]:
    """Moments of rings: `rates` is how many a second, for each second."""
    found: list[float] = []
    now = 0.0
    while True:
        rate = rates[int(now)]
        now += random.expovariate(rate)
        if now >= len(rates):
            return found
        found.append(now)


def evening(rings: Sequence[float], quota: int, policy: Policy, random: Random) -> Evening:
    """All rings of an evening; `quota` searches are let through each second."""
    if policy == "retry":
        return _retried(rings, quota, random)
    return _queued(rings, quota, newest_first=policy == "newest first")


def _retried(rings: Sequence[float], quota: int, random: Random) -> Evening:
    """As it is: a search that is throttled is tried twice again."""
    tries = [(at, at, 0) for at in rings]
    heapq.heapify(tries)
    used: dict[int, int] = {}
    result = Evening([], 0)
    while tries:
        now, came, again = heapq.heappop(tries)
        if used.get(int(now), 0) < quota:
            used[int(now)] = used.get(int(now), 0) + 1
            result.waits.append(now - came)
        elif again < len(RETRIES):
            later = now + RETRIES[again] * random.random()
            heapq.heappush(tries, (later, came, again + 1))
        else:
            result = result._replace(rung=result.rung + 1)
    return result


def _queued(rings: Sequence[float], quota: int, *, newest_first: bool) -> Evening:
    """A queue that is asked for so many each second."""
    waiting: list[tuple[float, float]] = []
    ahead, rung, waits = list(rings)[::-1], 0, []
    for second in count(1):
        while ahead and ahead[-1] < second:
            came = ahead.pop()
            heapq.heappush(waiting, (-came if newest_first else came, came))
        free = quota
        while waiting and free:
            _, came = heapq.heappop(waiting)
            if second - came > PATIENCE:
                rung += 1
                continue
            waits.append(second - came)
            free -= 1
        if not ahead and not waiting:
            return Evening(waits, rung)
    raise AssertionError
