"""The door: the device's own `Behaviour`, with a small outbox around it.

A behaviour is kept by number: two that would do the same from now on have the same one. Its lights
are left out of that, for no bell and no strike hangs on them.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell import protocol
from doorbell_client.door.behaviour import Behaviour
from doorbell_client.door.replay_guard import Progress
from doorbell_client.link.line import Line
from doorbell_client.outbox.timeouts import OutboxTimeouts

if TYPE_CHECKING:
    from doorbell_client.door.effects import Effect

TIMEOUTS: Final = OutboxTimeouts()
LIGHTS: Final = ("_display", "_shown", "_new_press", "_entry")


class Press(NamedTuple):
    """A press as the outbox keeps it (`doorbell_client/outbox`)."""

    id: str
    at: float
    asks_again_at: float
    """When the cloud is told once more, if it is not delivered by then."""
    ring: str | None = None
    had_ticket: bool = False
    asked_after_it: bool = False
    delivered: bool = False
    """Its photo is in the cloud, or it has none."""
    settled: bool = False
    """Its bell has sounded, or need not."""


class Door(NamedTuple):
    """One door."""

    id: str
    behaviour: int
    photographs: bool = True
    """Whether its camera works."""
    line: str = ""
    """Its socket; empty while it has none."""
    lines: int = 0
    """How many sockets it has had."""
    presses: tuple[Press, ...] = ()
    guard: tuple[tuple[str, int], ...] = ()
    """What its strike was moved for (`ReplayGuard`)."""
    held: float = 0.0
    """Since when it takes its time to connect; 0 if it does not."""

    @property
    def dead(self) -> bool:
        """A door that was killed begins again."""
        return False

    def known(self, press: str) -> Press | None:
        """A press that the outbox has."""
        return next((each for each in self.presses if each.id == press), None)

    def kept(self, press: Press) -> Door:
        """With this press as it is now; one that is delivered and settled is forgotten."""
        others = [each for each in self.presses if each.id != press.id]
        done = press.delivered and press.settled
        return self._replace(presses=tuple(sorted([*others, *([] if done else [press])])))


class Behaviours:
    """All that a door's behaviour has ever come to."""

    def __init__(self) -> None:
        self._known: list[Behaviour] = []
        self._numbers: dict[Any, int] = {}
        self.tell = cache(self._tell)
        self.due = cache(self._due)
        self.begin = cache(self._begin)

    def _begin(self, guard: tuple[tuple[str, int], ...]) -> int:
        """A door that was just switched on; `guard` is what former runs opened for."""
        known = {each: Progress(progress) for each, progress in guard}
        return self._number(Behaviour(lambda: "", known_opens=known))

    def _tell(self, number: int, what: str, *given: Any) -> tuple[int, tuple[Effect, ...]]:
        """Call one of its methods: what it is then, and what it wants done."""
        behaviour = copy.deepcopy(self._known[number])
        if what == "press":
            press, *given = given  # type: ignore[assignment]
            behaviour._new_press = lambda: press
        effects = getattr(behaviour, what)(*given)
        return self._number(behaviour), tuple(effects)

    def _due(self, number: int) -> tuple[float, ...]:
        """When it has something to do by itself: a bell, or `opened` once more."""
        behaviour = self._known[number]
        bells = (visit.ring_at for visit in behaviour._bell.visits if visit.ring_at is not None)
        return (*bells, *behaviour._openings.moments())

    def _number(self, behaviour: Behaviour) -> int:
        seen = _frozen({k: v for k, v in vars(behaviour).items() if k not in LIGHTS})
        if seen not in self._numbers:
            self._numbers[seen] = len(self._known)
            self._known.append(behaviour)
        return self._numbers[seen]


def message_of(frame: str) -> protocol.Message:
    """A frame as the device reads it."""
    return _message(frame)


@cache
def _message(frame: str) -> protocol.Message:
    return protocol.read_message(frame)


def _frozen(value: Any) -> Any:
    """Something that is equal where the value would behave the same."""
    if isinstance(value, dict):
        return tuple(sorted((key, _frozen(each)) for key, each in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(each) for each in value)
    if hasattr(value, "__dict__") and not isinstance(value, (type, Line)) and not callable(value):
        return (type(value).__name__, _frozen(vars(value)))
    return value
