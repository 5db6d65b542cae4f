"""A fleet of doors comes back after an outage, through a gate that lets so many in a second.

The doors wait as `doorbell_client` does: by the very class that decides it.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell_client.link.backoff import Backoff
from doorbell_client.link.line import LinkTimeouts

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

FIRST_WITHIN: Final = 1.0
"""Seconds in which every door notices that the line is there again: the worst case."""


class Gate:
    """API Gateway's token bucket: `rate` a second, at most `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = self._tokens = burst
        self._at = 0.0

    def lets_in(self, now: float) -> bool:
        """Whether one more may connect at this moment; moments do not go back."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Storm(NamedTuple):
    """When each door was in again, and when one was turned away; seconds after the outage."""

    connected: list[float]
    turned_away: list[float]


def patient(backoff: Backoff) -> float:
    """What a door does that is told 429: it spreads out, up to ten minutes."""
    return backoff.after_crowd()


def hasty(backoff: Backoff) -> float:
    """As after any other failure: within a minute."""
    return backoff.after(0)


def come_back(doors: int, gate: Gate, wait: Callable[[Backoff], float], random: Random) -> Storm:
    """All doors lose their line at once, and try until each is in."""
    backoffs = [Backoff(LinkTimeouts(), random.random) for _ in range(doors)]
    tries = [(random.uniform(0, FIRST_WITHIN), door) for door in range(doors)]
    heapq.heapify(tries)
    storm = Storm([], [])
    while tries:
        now, door = heapq.heappop(tries)
        if gate.lets_in(now):
            storm.connected.append(now)
        else:
            storm.turned_away.append(now)
            heapq.heappush(tries, (now + wait(backoffs[door]), door))
    return storm
