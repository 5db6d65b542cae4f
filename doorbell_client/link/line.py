"""The line to the cloud, thought through apart from sockets: when to try again, when it is dead.

All times are seconds of one clock that never jumps.
"""

import random
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple


class Line(Enum):
    """How the line is."""

    UP = "up"
    DOWN = "down"
    REFUSED = "refused"  # the cloud does not let this device in; a person must do something


class LinkTimeouts(NamedTuple):
    """How patient a session is; seconds."""

    connect: float = 10.0
    """For the whole handshake."""
    ping: float = 290.0
    """API Gateway hangs up after 10 idle minutes; and pings keep the ring path warm."""
    pong: float = 10.0
    """Nothing at all after a question for so long: ping; nothing after a ping: the line is dead."""
    planned: float = 110 * 60.0
    """API Gateway hangs up after two hours; better at a moment of our choice."""
    at_last: float = 119 * 60.0
    """A ring may put the planned reconnect off until now."""
    first_retry: float = 0.5
    most_retry: float = 60.0
    refused_retry: float = 300.0
    stable: float = 30.0
    """A line that lived so long was a good one: the next retry is quick again."""
    hurry: float = 1.0
    """Somebody waits: no sooner than this after the last try, though."""
    beat: float = 1.0
    """How often the session looks at its watch."""
    asleep: float = 3.0
    """It did not for so long: the machine or the process slept, and what came in is stale."""


class Backoff:
    """How long to wait before the next try, so that a fleet of doors does not come at once."""

    def __init__(self, timeouts: LinkTimeouts, draw: Callable[[], float] = random.random) -> None:
        """`draw` gives numbers from 0 to 1."""
        self._timeouts = timeouts
        self._draw = draw
        self._failures = 0

    def after(self, lived: float, *, refused: bool = False) -> float:
        """The line lived for so many seconds (0: never came up). Returns seconds to wait."""
        if refused:
            return self._timeouts.refused_retry * (0.75 + self._draw() / 2)
        if lived >= self._timeouts.stable:
            self._failures = 0
        # Beyond 2**16 the cap holds anyway, and Python would go on to ever larger integers.
        step = min(self._failures, 16)
        self._failures += 1
        longest = min(self._timeouts.most_retry, self._timeouts.first_retry * 2.0**step)
        return longest * (0.5 + self._draw() / 2)


class Health(Enum):
    """What to do about a line."""

    FINE = "fine"
    PING = "ping"
    DEAD = "no answer"
    PLANNED = "planned"
    ASLEEP = "slept"


class Heartbeat:
    """Watches one connection's life."""

    def __init__(
        self, timeouts: LinkTimeouts, now: float, draw: Callable[[], float] = random.random
    ) -> None:
        self._timeouts = timeouts
        self._heard_at = self._looked_at = now
        self._answer_by = float("inf")
        self._pinged = False
        # A fleet that connected together after an outage does not part together.
        self._planned_at = now + timeouts.planned * (1 - draw() / 20)
        self._at_last = now + timeouts.at_last

    def asked(self, now: float, *, ping: bool) -> None:
        """Something was sent that is always answered: a ping at once, other things in a while."""
        self._answer_by = min(self._answer_by, now + self._timeouts.pong)
        self._pinged = self._pinged or ping

    def heard(self, now: float) -> Health:
        """A frame has come: FINE, or ASLEEP when it may have lain there for long."""
        if self._slept(now):
            return Health.ASLEEP
        self._heard_at = now
        self._answer_by = float("inf")
        self._pinged = False
        return Health.FINE

    def look(self, now: float, *, busy: bool) -> Health:
        """Once every `beat`. `busy`: somebody stands at the door."""
        if self._slept(now):
            return Health.ASLEEP
        self._looked_at = now
        if now >= self._answer_by:
            # A ticket may take its time in a cold cloud; a pong may not.
            self._answer_by = float("inf")
            return Health.DEAD if self._pinged else Health.PING
        if now >= self._at_last or (now >= self._planned_at and not busy):
            return Health.PLANNED
        if now >= self._heard_at + self._timeouts.ping and self._answer_by == float("inf"):
            return Health.PING
        return Health.FINE

    def _slept(self, now: float) -> bool:
        """A beat was missed by far; from then on nothing that this connection says is believed."""
        return now - self._looked_at > self._timeouts.asleep
