"""Follows one ring of `doorbell ring` to its end."""

from typing import NamedTuple

from doorbell.protocol import Declined, Error, NoAnswer, Refused, RingThrough, Welcome
from doorbell.protocol.words import REFUSALS
from doorbell_client.door.effects import Acknowledge
from doorbell_client.door.events import Delivered, Event
from doorbell_client.link.line import Line


class Outcome(NamedTuple):
    """How a ring ended: an exit status, and a sentence where there is more to say."""

    status: int
    sentence: str = ""


class RingFollower:
    """Is told of every event at the door; `outcome` is set once the ring is over."""

    def __init__(self, *, code: str | None, can_type: bool) -> None:
        """`code` is typed for the visitor; `can_type`: somebody may type one."""
        self._code = code
        self._can_type = can_type
        self._decided = False
        self.delivered = False
        self.outcome: Outcome | None = None

    def hear(self, event: Event) -> bool:
        """Take one more event; returns whether the code that was given is to be typed now."""
        match event:
            case Delivered():
                self.delivered = True
            case Line.REFUSED:
                self._end(1, "The cloud does not let this device in: wrong or revoked token.")
            case Error(error="not_allowed"):
                self._end(1, f"The cloud refuses: {event.message} The token must be a door's.")
            case Acknowledge():
                self._end(0)
            case Declined() | NoAnswer():
                self._end(0)
            case Refused() if self._code is not None:
                self._end(1, f"The door stays shut: {REFUSALS[event.reason]}.")
            case Welcome() | RingThrough():
                return self._decision(isinstance(event, Welcome))
        return False

    def _decision(self, welcome: bool) -> bool:
        first, self._decided = not self._decided, True
        if self._code is not None:
            return first
        if welcome and not self._can_type:
            self._end(0, "Nobody can type the code here; give it with --code.")
        return False

    def _end(self, status: int, sentence: str = "") -> None:
        self.outcome = self.outcome or Outcome(status, sentence)
