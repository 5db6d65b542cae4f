"""When the bell sounds: for every press, but one that a resident's code or an answer has settled.

Times are seconds of the door's clock.
"""

import logging

from doorbell.protocol import Declined, Message, NoAnswer, RingThrough, Ticket, Welcome
from doorbell_client.clock import STALE_SECONDS
from doorbell_client.door.effects import Begin, Effect, Prompt, Settle, Sound
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.door.visits import Visit, Visits

_log = logging.getLogger(__name__)


class Bell:
    """The presses of this door, and which of them have been heard."""

    def __init__(self, timeouts: DoorTimeouts) -> None:
        self.visits = Visits(timeouts)
        self._timeouts = timeouts

    def press(self, press: str, at: float, now: float, *, offline: bool) -> list[Effect]:
        """A finger on the button at `at`; without a line, or a second time, it sounds at once.

        Also when the first was answered just now: it is of the same ring, and nobody hears of it.
        """
        loud = offline or bool(self.visits.live(now)) or self.visits.repeated(at)
        visit = self.visits.add(press, at)
        visit.capturing_until = now + self._timeouts.capture
        # The bell first: nothing that is told or written down may delay it.
        return [*(_sound(visit) if loud else ()), Begin(press, at)]

    def restored(self, press: str, age: float, now: float, ring: str | None) -> None:
        """A former run kept this press. Who knows whether it lived to ring the bell?"""
        answered = any(
            visit.rung or visit.welcome or visit.over for visit in self.visits.of_ring(ring)
        )
        visit = self.visits.add(press, now - age)
        visit.ring = ring
        if age >= STALE_SECONDS or answered:
            visit.ring_at = None

    def captured(self, press: str, now: float) -> None:
        """The camera is done with this press, with a picture or without."""
        for visit in self.visits.of_press(press):
            visit.capturing_until = now

    def hear(self, message: Message, now: float) -> list[Effect]:
        """What the cloud says of a ring."""
        match message:
            case Ticket(ring, _, _, press):
                for visit in self.visits.of_press(press):
                    visit.ring = ring
            case Welcome():
                return self._welcome(message, now)
            case RingThrough():
                return self._ring_through(message, now)
            case Declined(ring) | NoAnswer(ring):
                self.end(ring)
        return []

    def tick(self, now: float) -> list[Effect]:
        """Bells that are due because no decision came; several at once are one."""
        effects: list[Effect] = []
        for visit in self.visits.due(now):
            _log.info("no decision on press %s yet: the bell sounds", visit.press)
            effects = _sound(visit)
        return effects

    def end(self, ring: str | None) -> None:
        """This ring was answered: no bell is due any more."""
        for visit in self.visits.of_ring(ring):
            visit.end()

    def newly_settled(self) -> list[Effect]:
        """The presses for which no bell is due any more; each is told once."""
        return [Settle(press) for press in self.visits.newly_settled()]

    def _welcome(self, message: Welcome, now: float) -> list[Effect]:
        visits = self.visits.of_ring_or_new(message.ring, now)
        if all(visit.welcome for visit in visits):
            return []
        for visit in visits:
            visit.ring_at = None
            visit.welcome = True
            visit.ends_at = now + self._timeouts.visit
        return [Prompt()]

    def _ring_through(self, message: RingThrough, now: float) -> list[Effect]:
        visits = self.visits.of_ring_or_new(message.ring, now)
        # What sounded before the last press of a ring was not for that one.
        silent = max(visits, key=lambda visit: visit.at).rung
        for visit in visits:
            visit.ring_at = None
            visit.rung = True
            visit.ends_at = max(visit.ends_at, now + (message.answer_within or 0))
        return [] if silent else [Sound()]


def _sound(visit: Visit) -> list[Effect]:
    visit.ring_at = None
    visit.rung = True
    return [Sound()]
