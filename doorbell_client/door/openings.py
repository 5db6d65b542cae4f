"""Which `open` messages move the strike: each once, and only while it is fresh.

That the door opened is told to the cloud again and again until it says that it has heard.
"""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from doorbell.protocol import Acknowledged, HelloAnswer, Message, Open, Opened
from doorbell_client.door.effects import Acknowledge, Effect, Energise, OpenedKnown
from doorbell_client.door.replay_guard import Progress
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.door.visits import Visit

_log = logging.getLogger(__name__)

REMEMBERED: Final = 200
"""Each `open` is heard of again within minutes, or never."""

MOST_REPEATS: Final = 5
"""A cloud that is not known to acknowledge is told so often again, and no more."""

MOST_REPEATS_IN_VAIN: Final = 80
"""One that is, too: these are six hours on the line. It keeps an order for a day, answers within
seconds, and says of one that it does not know any more only that something is not allowed."""


@dataclass
class _Repeat:
    """An `opened` that the cloud has not acknowledged."""

    at: float
    count: int = 0


class Openings:
    """The `open`s of this door."""

    def __init__(self, timeouts: DoorTimeouts, known: Mapping[str, Progress]) -> None:
        """`known` are the `open`s of former runs."""
        self._timeouts = timeouts
        self._opened = [each for each, progress in known.items() if progress > Progress.BEGUN]
        self._attempted = [each for each, progress in known.items() if progress is Progress.BEGUN]
        self._repeats = {
            each: _Repeat(-math.inf)
            for each, progress in known.items()
            if progress is Progress.OPENED
        }
        self._up = False
        self._cloud_acknowledges = False

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
        self._attempted = _remember(self._attempted, message.open)
        seconds = min(float(message.seconds), self._timeouts.longest_open)
        return [Energise(message.open, seconds, now + message.valid_for - age)]

    def failed(self, open_id: str) -> None:
        """The strike did not move: the cloud may renew this `open` while it can be answered."""
        self._attempted = [each for each in self._attempted if each != open_id]

    def carried_out(self, open_id: str, now: float) -> list[Effect]:
        """The strike moved because of this `open`."""
        self._opened = _remember(self._opened, open_id)
        self._repeats[open_id] = _Repeat(now + self._timeouts.first_repeat)
        return [Acknowledge(Opened(open_id))]

    # --- until the cloud knows --------------------------------------------------------

    def line(self, *, up: bool, now: float) -> None:
        """The line came up or went down: what was told over the old one may be lost."""
        self._up = up
        for repeat in self._repeats.values():
            repeat.at = now + self._timeouts.first_repeat

    def hear(self, message: Message) -> list[Effect]:
        """The cloud knows that the door opened, or is at least one that would say so."""
        match message:
            case HelloAnswer():
                self._cloud_acknowledges = True
            case Acknowledged(open_id):
                self._cloud_acknowledges = True
                if self._repeats.pop(open_id, None):
                    return [OpenedKnown(open_id)]
        return []

    def tick(self, now: float) -> list[Effect]:
        """Tell again what is due."""
        due = [each for each, repeat in self._repeats.items() if self._up and now >= repeat.at]
        return [effect for each in due for effect in self._tell_again(each, now)]

    def moments(self) -> Iterator[float]:
        """When something changes by time alone."""
        if self._up:
            yield from (repeat.at for repeat in self._repeats.values())

    def _tell_again(self, open_id: str, now: float) -> list[Effect]:
        repeat = self._repeats[open_id]
        if repeat.count >= MOST_REPEATS and not self._cloud_acknowledges:
            del self._repeats[open_id]
            return []
        if repeat.count >= MOST_REPEATS_IN_VAIN:
            del self._repeats[open_id]
            _log.warning("the cloud knows nothing of an `open` of hours ago; it is told no more")
            return [OpenedKnown(open_id)]
        wait = self._timeouts.first_repeat * 2.0 ** min(repeat.count + 1, 10)
        repeat.at = now + min(wait, self._timeouts.longest_repeat)
        repeat.count += 1
        return [Acknowledge(Opened(open_id))]


def _remember(known: list[str], one: str) -> list[str]:
    """`known` and one more, as far as memory goes."""
    return [*known, one][-REMEMBERED:]
