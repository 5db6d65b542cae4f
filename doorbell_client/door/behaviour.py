"""How the door behaves: what it is told goes in, with the time; what it must do comes out.

No I/O and no clock here, so every rule can be tried in a microsecond. Times are seconds of one
clock that never jumps (`clock.uptime`). Two promises rule everything: every press rings, unless
it is a resident's whose code reached a phone; and the strike moves only for an `open` from the
cloud, once, while that is fresh.
"""

import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from doorbell.protocol import (
    Declined,
    EnterCode,
    Message,
    NoAnswer,
    Open,
    Opened,
    Refused,
    RingThrough,
    Ticket,
    Welcome,
)
from doorbell_client.clock import STALE_SECONDS
from doorbell_client.door.keypad_entry import KeypadEntry, Mistake
from doorbell_client.door.parts import Mood
from doorbell_client.link.line import Line

_log = logging.getLogger(__name__)


class DoorTimeouts(NamedTuple):
    """How long the door waits; seconds."""

    decision: float = 8.0
    """No word about a press for so long: the bell sounds."""
    capture: float = 10.0
    """The button's light strobes for so long at most."""
    visit: float = 120.0
    """After so long a press has no more to expect, and the code of a `welcome` is dead."""
    ring_life: float = 900.0
    """No `open` for an older press counts: it was held up somewhere. No stack may be set to let a
    code or an answer live for longer (`template.yaml`: 600 s, after 60 s for the photo)."""
    notice: float = 3.0
    """How long a mistake or a refusal is shown."""
    answer: float = 10.0
    """A typed code is answered within this, or the lights say that something is wrong."""
    offline: float = 3.0
    """A line that comes back sooner is not shown as lost."""


MAX_VISITS: Final = 50
REMEMBERED: Final = 200
"""Rings and `open`s: each is heard of again within minutes, or never."""


# --- what the door must do ----------------------------------------------------


class Begin(NamedTuple):
    """A new press: tell the cloud, put it down, take its picture."""

    press: str
    at: float


class Sound(NamedTuple):
    """Chime and gong."""


class Beep(NamedTuple):
    """A key was felt."""


class Prompt(NamedTuple):
    """A resident may type the code now."""


class Show(NamedTuple):
    """The lights."""

    mood: Mood


class Submit(NamedTuple):
    """Ask whether these digits open the door."""

    request: EnterCode


class Energise(NamedTuple):
    """Open the strike for so many seconds, if that happens before `by`; then say `opened` here."""

    open: str
    seconds: float
    by: float


class Acknowledge(NamedTuple):
    """Tell the cloud that the door opened because of this `open`."""

    request: Opened


Effect: TypeAlias = Begin | Sound | Beep | Prompt | Show | Submit | Energise | Acknowledge


# --- what it knows --------------------------------------------------------------


@dataclass
class _Visit:
    """One press and what has become of it."""

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


class Behaviour:
    """One door's behaviour."""

    def __init__(
        self,
        new_press: Callable[[], str],
        timeouts: DoorTimeouts = DoorTimeouts(),  # noqa: B008 - immutable
        honoured: Iterable[str] = (),
        max_seconds: float = 10.0,
    ) -> None:
        """`new_press` draws UUIDs; `honoured` are `open`s of former runs."""
        self._new_press = new_press
        self._timeouts = timeouts
        self._opened = list(honoured)
        self._attempted: list[str] = []
        self._max_seconds = max_seconds
        self._visits: list[_Visit] = []
        self._rung: list[str] = []
        self._entry = KeypadEntry()
        self._line = Line.DOWN
        self._offline_at = 0.0
        self._open_until = self._error_until = self._answer_by = float("-inf")
        self._shown: Mood | None = None

    # --- told by the hardware -------------------------------------------------------

    def press(self, at: float, now: float) -> list[Effect]:
        """A finger on the button at `at`."""
        loud = self._line is not Line.UP or bool(self._under_way(now))
        visit = self._new_visit(self._new_press(), at)
        visit.capturing_until = now + self._timeouts.capture
        return self._after(now, [Begin(visit.press, at), *(self._sound(visit) if loud else ())])

    def restored(self, press: str, age: float, now: float) -> list[Effect]:
        """A former run kept this press. Who knows whether it lived to ring the bell?"""
        visit = self._new_visit(press, now - age)
        if age >= STALE_SECONDS:
            visit.ring_at = None
        return self._after(now, [])

    def captured(self, press: str, now: float) -> list[Effect]:
        """The camera is done with this press, with a picture or without."""
        for visit in self._visits:
            if visit.press == press:
                visit.capturing_until = now
        return self._after(now, [])

    def key(self, key: str, now: float) -> list[Effect]:
        """A key of the keypad."""
        typed = self._entry.press(key, now)
        effects: list[Effect] = [Beep()]
        if isinstance(typed, Mistake):
            self._error_until = now + self._timeouts.notice
        elif typed is not None and self._line is not Line.UP:
            # Never kept for later: a code that arrives when nobody stands there opens for nobody.
            _log.warning("a code was typed while the line is down; it is not sent")
            self._error_until = now + self._timeouts.notice
        elif typed is not None:
            self._error_until = float("-inf")
            self._answer_by = now + self._timeouts.answer
            effects.append(Submit(EnterCode(typed)))
        return self._after(now, effects)

    def opened(self, energised: Energise, now: float) -> list[Effect]:
        """The strike moved."""
        self._opened = _remember(self._opened, energised.open)
        self._error_until = float("-inf")
        self._open_until = now + energised.seconds
        return self._after(now, [Acknowledge(Opened(energised.open))])

    def not_opened(self, now: float) -> list[Effect]:
        """The strike did not move: too late by then, or broken. It will not for this `open`."""
        self._error_until = now + self._timeouts.notice
        return self._after(now, [])

    # --- told by the line -----------------------------------------------------------

    def line(self, line: Line, now: float) -> list[Effect]:
        """The line came up, went down, or is refused to this device."""
        if line is not Line.UP and self._line is Line.UP:
            self._offline_at = now + self._timeouts.offline
        self._line = line
        return self._after(now, [])

    def hear(self, message: Message, now: float) -> list[Effect]:
        """The cloud says something that has arrived just now."""
        effects: list[Effect] = []
        match message:
            case Ticket(ring, _, _, press):
                self._learn(press, ring)
            case Welcome(ring):
                effects = self._welcome(ring, now)
            case RingThrough(ring):
                effects = self._ring_through(ring)
            case Open():
                effects = self._open(message, now)
            case Refused():
                self._answer_by = float("-inf")
                self._error_until = now + self._timeouts.notice
            case Declined(ring) | NoAnswer(ring):
                self._error_until = now + self._timeouts.notice
                self._end(ring)
        return self._after(now, effects)

    # --- time -------------------------------------------------------------------------

    def tick(self, now: float) -> list[Effect]:
        """Time has passed: self-chimes, forgotten digits, lights that change back."""
        effects: list[Effect] = []
        for visit in self._visits:
            if visit.ring_at is not None and now >= visit.ring_at:
                _log.info("no decision on press %s yet: the bell sounds", visit.press)
                effects = self._sound(visit)
        self._entry.tick(now)
        if now >= self._answer_by > float("-inf"):
            self._answer_by = float("-inf")
            self._error_until = now + self._timeouts.notice
        return self._after(now, effects)

    def wake_at(self, now: float) -> float:
        """When `tick` has something to do again; infinity if nothing waits."""
        moments = [self._open_until, self._error_until, self._answer_by, self._offline_at]
        moments.append(self._entry.forget_at)
        for visit in self._visits:
            moments += [visit.capturing_until, visit.ends_at]
            # A bell is due even when its time has passed: a former run's press.
            if visit.ring_at is not None:
                moments.append(max(visit.ring_at, math.nextafter(now, math.inf)))
        return min((moment for moment in moments if moment > now), default=math.inf)

    def busy(self, now: float) -> bool:
        """Somebody stands at the door and expects something."""
        return now < self._open_until or bool(self._under_way(now))

    # --- rules --------------------------------------------------------------------------

    def _new_visit(self, press: str, at: float) -> _Visit:
        timeouts = self._timeouts
        visit = _Visit(press, at, at + timeouts.visit, at + timeouts.decision)
        self._visits = [*self._visits, visit][-MAX_VISITS:]
        return visit

    def _under_way(self, now: float) -> list[_Visit]:
        return [visit for visit in self._visits if now < visit.ends_at and not visit.over]

    def _sound(self, visit: _Visit) -> list[Effect]:
        visit.ring_at = None
        visit.rung = True
        return [Sound()]

    def _learn(self, press: str | None, ring: str) -> None:
        for visit in self._visits:
            if visit.press == press:
                visit.ring = ring

    def _of(self, ring: str | None) -> list[_Visit]:
        """The presses of a ring: a repeat within seconds belongs to the ring under way."""
        return [visit for visit in self._visits if ring is not None and visit.ring == ring]

    def _welcome(self, ring: str, now: float) -> list[Effect]:
        visits = self._of(ring)
        if not visits:
            # A press of a former run, or of another program with this door's token.
            visits = [self._new_visit("", now)]
            visits[0].ring = ring
        if all(visit.welcome for visit in visits):
            return []
        for visit in visits:
            visit.ring_at = None
            visit.welcome = True
            visit.ends_at = now + self._timeouts.visit
        return [Prompt()]

    def _ring_through(self, ring: str) -> list[Effect]:
        visits = self._of(ring)
        silent = ring in self._rung or any(visit.rung for visit in visits)
        self._rung = _remember(self._rung, ring)
        for visit in visits:
            visit.ring_at = None
            visit.rung = True
        return [] if silent else [Sound()]

    def _open(self, message: Open, now: float) -> list[Effect]:
        if message.open in self._opened:
            return [Acknowledge(Opened(message.open))]
        if message.open in self._attempted:
            return []
        self._attempted = _remember(self._attempted, message.open)
        visits = self._of(message.ring)
        if visits and all(now > visit.at + self._timeouts.ring_life for visit in visits):
            _log.warning("an `open` for a ring of long ago is not honoured")
            return []
        self._answer_by = float("-inf")
        seconds = min(float(message.seconds), self._max_seconds)
        self._end(message.ring)
        return [Energise(message.open, seconds, now + message.valid_for)]

    def _end(self, ring: str | None) -> None:
        for visit in self._of(ring):
            visit.ring_at = None
            visit.over = True

    # --- lights ---------------------------------------------------------------------------

    def _after(self, now: float, effects: list[Effect]) -> list[Effect]:
        """The lights follow from everything that is known; they are told only of a change."""
        mood = self._mood(now)
        if mood is self._shown:
            return effects
        self._shown = mood
        return [*effects, Show(mood)]

    def _mood(self, now: float) -> Mood:
        live = self._under_way(now)
        if now < self._open_until:
            return Mood.OPEN
        if now < self._error_until or self._line is Line.REFUSED:
            return Mood.ERROR
        if any(now < visit.capturing_until for visit in live):
            return Mood.CAPTURING
        if self._line is Line.DOWN and now >= self._offline_at:
            return Mood.OFFLINE
        if any(visit.welcome for visit in live):
            return Mood.WELCOME
        return Mood.WAITING if live or now < self._answer_by else Mood.READY


def _remember(known: list[str], one: str) -> list[str]:
    return [*known, one][-REMEMBERED:]
