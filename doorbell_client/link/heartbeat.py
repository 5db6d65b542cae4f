"""Decides whether a connection is alive. No I/O: times are seconds of a clock that never jumps."""

import random
from collections.abc import Callable
from enum import Enum

from doorbell_client.link.line import LinkTimeouts


class Health(Enum):
    """What a check of a connection says."""

    FINE = "fine"
    PING = "ping"
    DEAD = "no answer"
    PLANNED = "planned"
    ASLEEP = "the machine slept"


class Heartbeat:
    """Watches one connection's life."""

    def __init__(
        self, timeouts: LinkTimeouts, now: float, draw: Callable[[], float] = random.random
    ) -> None:
        self._timeouts = timeouts
        self._heard_at = self._checked_at = now
        self._answer_by = float("inf")
        self._pinged = False
        self._busy = False
        # A fleet that connected together after an outage does not part together.
        self._planned_at = now + timeouts.planned * (1 - draw() / 20)
        self._planned_latest = now + timeouts.planned_latest

    def asked(self, now: float, *, ping: bool) -> None:
        """Something was sent that is always answered: a ping at once, other things in a while."""
        wait = self._timeouts.busy_pong if ping and self._busy else self._timeouts.pong
        self._answer_by = min(self._answer_by, now + wait)
        self._pinged = self._pinged or ping

    def heard(self, now: float) -> Health:
        """A frame has come: FINE, or ASLEEP when it may have waited unread for long."""
        if self._slept(now):
            return Health.ASLEEP
        self._heard_at = now
        self._answer_by = float("inf")
        self._pinged = False
        return Health.FINE

    def check(self, now: float, *, busy: bool) -> Health:
        """To be called once every `beat`. `busy`: somebody stands at the door."""
        if self._slept(now):
            return Health.ASLEEP
        self._checked_at = now
        self._busy = busy
        if now >= self._answer_by:
            # A ticket may take its time in a cold cloud; a pong may not.
            self._answer_by = float("inf")
            return Health.DEAD if self._pinged else Health.PING
        if now >= self._planned_latest or (now >= self._planned_at and not busy):
            return Health.PLANNED
        return Health.PING if self._should_ask(now) else Health.FINE

    def _should_ask(self, now: float) -> bool:
        silent = now - self._heard_at
        if self._busy and not self._pinged and silent >= self._timeouts.busy_ping:
            return True
        return silent >= self._timeouts.ping and self._answer_by == float("inf")

    def _slept(self, now: float) -> bool:
        """A check is overdue by far: from then on nothing this connection says is believed."""
        return now - self._checked_at > self._timeouts.asleep
