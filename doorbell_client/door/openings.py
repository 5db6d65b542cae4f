"""Which `open` messages move the strike: each once, and only while it is fresh."""

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from doorbell.protocol import Open, Opened
from doorbell_client.door.effects import Acknowledge, Effect, Energise
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.door.visits import Visit

_log = logging.getLogger(__name__)

REMEMBERED: Final = 200
"""Rings and `open`s: each is heard of again within minutes, or never."""


class Openings:
    """The `open`s of this door."""

    def __init__(self, timeouts: DoorTimeouts, carried_out: Iterable[str]) -> None:
        """`carried_out` are the `open`s of former runs."""
        self._timeouts = timeouts
        self._opened = list(carried_out)
        self._attempted: list[str] = []

    def decide(
        self, message: Open, visits: Sequence[Visit], now: float, age: float
    ) -> list[Effect]:
        """What this `open` makes the door do.

        `visits` are those of its ring. It is at most `age` seconds old: one that may be older than
        it is valid for opens nothing, whatever held it back.
        """
        if message.open in self._opened:
            return [Acknowledge(Opened(message.open))]
        if message.open in self._attempted:
            return []
        if age >= message.valid_for:
            _log.warning("an `open` may be %.0f s old by now and is not carried out", age)
            return []
        if visits and all(now > visit.at + self._timeouts.ring_life for visit in visits):
            _log.warning("an `open` for a ring of long ago is not carried out")
            return []
        self._attempted = remember(self._attempted, message.open)
        seconds = min(float(message.seconds), self._timeouts.longest_open)
        return [Energise(message.open, seconds, now + message.valid_for - age)]

    def carried_out(self, open_id: str) -> list[Effect]:
        """The strike moved because of this `open`."""
        self._opened = remember(self._opened, open_id)
        return [Acknowledge(Opened(open_id))]


def remember(known: list[str], one: str) -> list[str]:
    """`known` and one more, as far as memory goes."""
    return [*known, one][-REMEMBERED:]
