"""What the lights show: the most important of all that is going on. Times in seconds."""

from collections.abc import Iterator

from doorbell.protocol import Declined, Message, NoAnswer, Refused
from doorbell_client.door.parts import Mood
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.door.visits import Visits
from doorbell_client.link.line import Line


class Display:
    """The mood of the lights, from what was told so far."""

    def __init__(self, timeouts: DoorTimeouts, *, faulty: bool) -> None:
        """`faulty`: a part of this door does not work."""
        self._at_rest = Mood.FAULT if faulty else Mood.READY
        self._timeouts = timeouts
        self._line = Line.DOWN
        self._offline_at = 0.0
        self._open_until = self._error_until = self._answer_by = float("-inf")

    def broken(self) -> None:
        """A part does not work any more."""
        self._at_rest = Mood.FAULT

    def line(self, line: Line, now: float) -> None:
        """The line changed; a short outage is not shown."""
        if line is not Line.UP and self._line is Line.UP:
            self._offline_at = now + self._timeouts.offline
        self._line = line

    def hear(self, message: Message, now: float) -> None:
        """What the cloud says that a person at the door should see."""
        match message:
            case Refused():
                self.answered()
                self.error(now)
            case Declined() | NoAnswer():
                self.error(now)

    def error(self, now: float) -> None:
        """Something did not work."""
        self._error_until = now + self._timeouts.notice

    def opened(self, now: float, seconds: float) -> None:
        """The door can be pushed open for so long."""
        self._error_until = float("-inf")
        self._open_until = now + seconds

    def asked(self, now: float) -> None:
        """A code was typed and waits for its answer."""
        self._error_until = float("-inf")
        self._answer_by = now + self._timeouts.answer

    def answered(self) -> None:
        """The answer has come."""
        self._answer_by = float("-inf")

    def tick(self, now: float) -> None:
        """A code that nobody answers is an error."""
        if now >= self._answer_by > float("-inf"):
            self.answered()
            self.error(now)

    def is_open(self, now: float) -> bool:
        """The door can be pushed open."""
        return now < self._open_until

    def awaits_answer(self, now: float) -> bool:
        """A code was typed and not answered yet."""
        return now < self._answer_by

    def moments(self) -> Iterator[float]:
        """When something changes by time alone."""
        yield from (self._open_until, self._error_until, self._answer_by, self._offline_at)

    def mood(self, visits: Visits, now: float) -> Mood:
        """What the lights show now."""
        live = visits.live(now)
        if self.is_open(now):
            return Mood.OPEN
        if now < self._error_until or self._line is Line.REFUSED:
            return Mood.ERROR
        if any(now < visit.capturing_until for visit in live):
            return Mood.CAPTURING
        if self._line is Line.DOWN and now >= self._offline_at:
            return Mood.OFFLINE
        if any(visit.welcome for visit in live):
            return Mood.WELCOME
        return Mood.WAITING if live or self.awaits_answer(now) else self._at_rest
