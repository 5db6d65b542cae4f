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

from doorbell.protocol import EnterCode, Message, Open
from doorbell_client.door.bell import Bell
from doorbell_client.door.display import Display
from doorbell_client.door.effects import Beep, Effect, Energise, Show, Submit
from doorbell_client.door.keypad_entry import KeypadEntry, Mistake
from doorbell_client.door.openings import Openings
from doorbell_client.door.replay_guard import Progress
from doorbell_client.door.timeouts import DoorTimeouts
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
        self._bell = Bell(timeouts)
        self._openings = Openings(timeouts, known_opens)
        self._entry = KeypadEntry()
        self._line = Line.DOWN
        self._display = Display(timeouts, faulty=faulty)
        self._shown: Show | None = None
        self._now = -math.inf
        """When something was told last."""

    # --- told by the hardware -------------------------------------------------------

    def press(self, at: float, now: float) -> list[Effect]:
        """A finger on the button at `at`."""
        offline = self._line is not Line.UP
        return self._after(now, self._bell.press(self._new_press(), at, now, offline=offline))

    def restored(self, press: str, age: float, now: float, ring: str | None = None) -> list[Effect]:
        """A former run kept this press, which the cloud calls `ring` if it said so."""
        self._bell.restored(press, age, now, ring)
        return self._after(now, [])

    def captured(self, press: str, now: float) -> list[Effect]:
        """The camera is done with this press, with a picture or without."""
        self._bell.captured(press, now)
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

    def not_opened(self, energise: Energise, now: float) -> list[Effect]:
        """The strike did not move: too late by then, at rest, or broken."""
        self._openings.failed(energise.open)
        self._display.error(now)
        return self._after(now, [])

    def broken(self, now: float) -> list[Effect]:
        """A part does not work any more; the lights say so from now on."""
        self._display.broken()
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
        match message:
            case Open():
                effects = self._open(message, now, age)
            case _:
                effects = [*self._bell.hear(message, now), *self._openings.hear(message)]
        self._display.hear(message, now)
        return self._after(now, effects)

    # --- time -------------------------------------------------------------------------

    def tick(self, now: float) -> list[Effect]:
        """Time has passed: bells that are due, forgotten digits, lights that change back."""
        return self._after(now, [])

    def wake_at(self) -> float:
        """When `tick` has something to do again, perhaps at once; infinity if nothing waits."""
        now = self._now
        moments = (
            *self._display.moments(), *self._bell.visits.moments(now), *self._openings.moments(),
            self._entry.forget_at,
        )  # fmt: skip
        return min((moment for moment in moments if moment > now), default=math.inf)

    def busy(self, now: float) -> bool:
        """Somebody stands at the door and expects something."""
        waits = self._display.is_open(now) or self._display.awaits_answer(now)
        return waits or bool(self._bell.visits.live(now))

    def _open(self, message: Open, now: float, age: float) -> list[Effect]:
        visits = self._bell.visits.of_ring(message.ring)
        effects = self._openings.decide(message, visits, now, age)
        if not effects and age >= message.valid_for:
            self._display.error(now)
        if any(isinstance(effect, Energise) for effect in effects):
            self._display.answered()
            self._bell.end(message.ring)
        return effects

    def _after(self, now: float, effects: list[Effect]) -> list[Effect]:
        """What is due by now, whatever was told, and what follows from everything that is known.

        A moment that passes between two calls would else be nobody's: `wake_at` looks forward.
        """
        self._now = now
        self._entry.tick(now)
        self._display.tick(now)
        effects = [*effects, *self._bell.tick(now), *self._openings.tick(now)]
        effects += self._bell.newly_settled()
        show = Show(self._display.mood(self._bell.visits, now))
        if show == self._shown:
            return effects
        self._shown = show
        return [*effects, show]
