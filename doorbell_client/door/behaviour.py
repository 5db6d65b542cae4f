"""How the door behaves: what it is told goes in, with the time; what it must do comes out.

No I/O and no clock here, so every rule can be tried in a microsecond. Times are seconds of one
clock that never jumps (`clock.uptime`). Two promises rule everything: every press rings, unless
it is a resident's whose code reached a phone; and the strike moves only for an `open` from the
cloud, once, while that is fresh.
"""

import logging
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from doorbell.protocol import (
    Declined,
    EnterCode,
    Message,
    NoAnswer,
    Open,
    Refused,
    RingThrough,
    Ticket,
    Welcome,
)
from doorbell_client.clock import STALE_SECONDS
from doorbell_client.door.display import Display
from doorbell_client.door.effects import (
    Beep,
    Begin,
    Effect,
    Energise,
    Prompt,
    Settle,
    Show,
    Sound,
    Submit,
)
from doorbell_client.door.keypad_entry import KeypadEntry, Mistake
from doorbell_client.door.openings import Openings, remember
from doorbell_client.door.replay_guard import Progress
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.door.visits import Visit, Visits
from doorbell_client.link.line import Line

_log = logging.getLogger(__name__)


class Behaviour:
    """One door's behaviour."""

    def __init__(
        self,
        new_press: Callable[[], str],
        timeouts: DoorTimeouts = DoorTimeouts(),  # noqa: B008 - immutable
        known_opens: Mapping[str, Progress] = MappingProxyType({}),
        *,
        faulty: bool = False,
    ) -> None:
        """`new_press` draws UUIDs; `known_opens` are those of former runs.

        `faulty`: a part of this door does not work, and the lights say so.
        """
        self._new_press = new_press
        self._timeouts = timeouts
        self._visits = Visits(timeouts)
        self._openings = Openings(timeouts, known_opens)
        self._rung: list[str] = []
        self._entry = KeypadEntry()
        self._line = Line.DOWN
        self._display = Display(timeouts, faulty=faulty)
        self._shown: Show | None = None

    # --- told by the hardware -------------------------------------------------------

    def press(self, at: float, now: float) -> list[Effect]:
        """A finger on the button at `at`."""
        loud = self._line is not Line.UP or bool(self._visits.live(now))
        visit = self._visits.add(self._new_press(), at)
        visit.capturing_until = now + self._timeouts.capture
        # The bell first: nothing that is told or written down may delay it.
        return self._after(now, [*(_sound(visit) if loud else ()), Begin(visit.press, at)])

    def restored(self, press: str, age: float, now: float, ring: str | None = None) -> list[Effect]:
        """A former run kept this press. Who knows whether it lived to ring the bell?"""
        answered = ring in self._rung or any(
            visit.welcome or visit.over for visit in self._visits.of_ring(ring)
        )
        visit = self._visits.add(press, now - age)
        visit.ring = ring
        if age >= STALE_SECONDS or answered:
            visit.ring_at = None
        return self._after(now, [])

    def captured(self, press: str, now: float) -> list[Effect]:
        """The camera is done with this press, with a picture or without."""
        for visit in self._visits.of_press(press):
            visit.capturing_until = now
        return self._after(now, [])

    def key(self, key: str, now: float) -> list[Effect]:
        """A key of the keypad."""
        typed = self._entry.press(key, now)
        effects: list[Effect] = [Beep()]
        if isinstance(typed, Mistake):
            self._display.error(now)
        elif typed is not None and self._line is not Line.UP:
            # Never kept for later: a code that arrives when nobody stands there opens for nobody.
            _log.warning("a code was typed while the line is down; it is not sent")
            self._display.error(now)
        elif typed is not None:
            self._display.asked(now)
            effects.append(Submit(EnterCode(typed)))
        return self._after(now, effects)

    def opened(self, energised: Energise, now: float) -> list[Effect]:
        """The strike moved."""
        self._display.opened(now, energised.seconds)
        return self._after(now, self._openings.carried_out(energised.open, now))

    def not_opened(self, now: float) -> list[Effect]:
        """The strike did not move: too late by then, or broken. It will not for this `open`."""
        self._display.error(now)
        return self._after(now, [])

    # --- told by the line -----------------------------------------------------------

    def line(self, line: Line, now: float) -> list[Effect]:
        """The line came up, went down, or is refused to this device."""
        self._line = line
        self._display.line(line, now)
        self._openings.line(up=line is Line.UP, now=now)
        return self._after(now, [])

    def hear(self, message: Message, now: float, age: float = 0.0) -> list[Effect]:
        """The cloud says something that has arrived just now; it is at most `age` seconds old."""
        effects: list[Effect] = []
        match message:
            case Ticket():
                self._learn(message)
            case Welcome():
                effects = self._welcome(message, now)
            case RingThrough():
                effects = self._ring_through(message, now)
            case Open():
                effects = self._open(message, now, age)
            case Refused():
                self._display.answered()
                self._display.error(now)
            case Declined(ring) | NoAnswer(ring):
                self._display.error(now)
                self._end(ring)
            case _:
                effects = self._openings.hear(message)
        return self._after(now, effects)

    # --- time -------------------------------------------------------------------------

    def tick(self, now: float) -> list[Effect]:
        """Time has passed: bells that are due, forgotten digits, lights that change back."""
        effects: list[Effect] = []
        for visit in self._visits.due(now):
            _log.info("no decision on press %s yet: the bell sounds", visit.press)
            effects = _sound(visit)
        self._entry.tick(now)
        self._display.tick(now)
        return self._after(now, [*effects, *self._openings.tick(now)])

    def wake_at(self, now: float) -> float:
        """When `tick` has something to do again; infinity if nothing waits."""
        moments = (
            *self._display.moments(), *self._visits.moments(now), *self._openings.moments(),
            self._entry.forget_at,
        )  # fmt: skip
        return min((moment for moment in moments if moment > now), default=math.inf)

    def busy(self, now: float) -> bool:
        """Somebody stands at the door and expects something."""
        waits = self._display.is_open(now) or self._display.awaits_answer(now)
        return waits or bool(self._visits.live(now))

    # --- rules --------------------------------------------------------------------------

    def _learn(self, ticket: Ticket) -> None:
        for visit in self._visits.of_press(ticket.press):
            visit.ring = ticket.ring

    def _welcome(self, message: Welcome, now: float) -> list[Effect]:
        visits = self._visits.of_ring_or_new(message.ring, now)
        if all(visit.welcome for visit in visits):
            return []
        for visit in visits:
            visit.ring_at = None
            visit.welcome = True
            visit.ends_at = now + self._timeouts.visit
        return [Prompt()]

    def _ring_through(self, message: RingThrough, now: float) -> list[Effect]:
        visits = self._visits.of_ring_or_new(message.ring, now)
        silent = message.ring in self._rung or any(visit.rung for visit in visits)
        self._rung = remember(self._rung, message.ring)
        for visit in visits:
            visit.ring_at = None
            visit.rung = True
            visit.ends_at = max(visit.ends_at, now + (message.answer_within or 0))
        return [] if silent else [Sound()]

    def _open(self, message: Open, now: float, age: float) -> list[Effect]:
        visits = self._visits.of_ring(message.ring)
        effects = self._openings.decide(message, visits, now, age)
        if not effects and age >= message.valid_for:
            self._display.error(now)
        if any(isinstance(effect, Energise) for effect in effects):
            self._display.answered()
            self._end(message.ring)
        return effects

    def _end(self, ring: str | None) -> None:
        for visit in self._visits.of_ring(ring):
            visit.end()

    def _after(self, now: float, effects: list[Effect]) -> list[Effect]:
        """What follows from everything that is known, and is told only when it changes."""
        effects = [*effects, *map(Settle, self._visits.newly_settled())]
        show = Show(self._display.mood(self._visits, now))
        if show == self._shown:
            return effects
        self._shown = show
        return [*effects, show]


def _sound(visit: Visit) -> list[Effect]:
    visit.ring_at = None
    visit.rung = True
    return [Sound()]
