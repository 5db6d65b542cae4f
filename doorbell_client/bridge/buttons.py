"""What the buttons on the broker do: they answer the ring that waits at their door now.

Everybody who may publish on the broker can press them. So a press counts only while somebody
waits, and never if the broker had kept it: a retained press is repeated at every reconnect. One
that lets in must name the ring that it means: a line may hold a press back until somebody else
waits.
"""

import logging
from typing import Final, Literal, NamedTuple, TypeAlias

from doorbell.protocol import Answer
from doorbell_client.bridge.discovery import PRESS
from doorbell_client.bridge.door import Door
from doorbell_client.bridge.doors import Doors
from doorbell_client.bridge.publication import Incoming, Publication
from doorbell_client.bridge.topics import Topics

_log = logging.getLogger(__name__)

Part: TypeAlias = Literal["let_in", "decline"]

PARTS: Final[tuple[Part, ...]] = ("let_in", "decline")
"""The buttons of a door, by the last part of their topics; they are the answers, too."""

_FINAL: Final = ("too_late", "already_answered", "not_waiting", "not_allowed")
"""Errors after which the ring of an answer waits no longer."""

NOBODY: Final = "nobody_waits"
NO_RING: Final = "no_ring"
NO_LINE: Final = "no_line"


class Press(NamedTuple):
    """A button that means something: this answer, for a ring at this door."""

    door: Door
    answer: Answer


class Buttons:
    """The buttons of all doors of a home."""

    def __init__(self, topics: Topics, doors: Doors) -> None:
        self._topics = topics
        self._doors = doors
        self._last: Press | None = None
        """What was sent last, until something is heard of it: errors do not name a ring."""

    def press(self, incoming: Incoming, now: float) -> tuple[Press | None, list[Publication]]:
        """The answer to send, if there is one, and what to say if there is none."""
        door, part = self._named(incoming.topic)
        if door is None or part is None:
            return None, []
        if incoming.retained:
            _log.warning("a retained press of `%s` is passed over: publish it unretained", part)
            return None, []
        said = incoming.payload.decode("ascii", "replace")
        ring = door.waiting_ring(said, now)
        if ring is None:
            _log.info("`%s` was pressed, and nobody waits for it", part)
            return None, door.told_answer(NOBODY)
        if part == "let_in" and said == PRESS:
            _log.warning("a press of `let_in` is passed over: it names no ring")
            return None, door.told_answer(NO_RING)
        if door.has_answered(ring):
            return None, []
        return Press(door, Answer(ring, part)), []

    def sent(self, press: Press, *, arrived: bool) -> list[Publication]:
        """An answer was put on the wire, or there was no line."""
        if not arrived:
            return press.door.told_answer(NO_LINE)
        self._last = press
        return press.door.answered(press.answer.ring)

    def refused(self, error: str) -> list[Publication]:
        """The cloud could not serve a frame: the last answer, if nothing was heard of it yet."""
        if self._last is None:
            return []
        door, answer = self._last
        self._last = None
        _log.warning("the cloud did not take `%s`: %s", answer.answer, error)
        return door.not_taken(answer.ring, error, may_try_again=error not in _FINAL)

    def settled(self, ring: str | None) -> None:
        """What became of this ring was heard; an error that comes now is about something else."""
        if self._last is not None and self._last.answer.ring == ring:
            self._last = None

    def lost_sight(self) -> None:
        """The line is down: no error will come for what was sent over it."""
        self._last = None

    def _named(self, topic: str) -> tuple[Door | None, Part | None]:
        for part in PARTS:
            for door in self._doors:
                if topic == self._topics.of(door.id, part):
                    return door, part
        return None, None
