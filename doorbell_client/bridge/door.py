"""What is known of one door, and what the broker is told of it."""

import json
from enum import Enum
from typing import Final, Literal, NamedTuple, TypeAlias

from doorbell_client.bridge.discovery import PRESS, RING
from doorbell_client.bridge.placeholder import placeholder
from doorbell_client.bridge.publication import Publication, state
from doorbell_client.bridge.topics import Topics, door_id, shown_name

RING_WORTH: Final = 60.0
"""Seconds; a ring that the broker hears of later wakes nobody any more."""

RINGING_SECONDS: Final = 180.0
"""A press that led to nothing (a code that nobody typed, say) is shown for so long."""

PHOTO_SECONDS: Final = 24 * 3600.0
"""A photo is kept here for as long as the cloud keeps it."""

Details: TypeAlias = dict[str, str]


class _Photo(NamedTuple):
    """The photo of the last ring, and when it came."""

    jpeg: bytes
    at: float


class Visit(Enum):
    """How the last visit at a door stands, as far as this bridge has heard."""

    NONE = "none"
    RINGING = "ringing"
    WAITING = "waiting"
    OPENED = "opened"
    NOT_OPENED = "not_opened"
    DECLINED = "declined"
    MISSED = "missed"


_ENDINGS: Final = (Visit.OPENED, Visit.NOT_OPENED, Visit.DECLINED, Visit.MISSED)

Ending: TypeAlias = Literal[Visit.OPENED, Visit.NOT_OPENED, Visit.DECLINED]


class Door:
    """One door. Times are seconds of one clock that never jumps."""

    def __init__(self, name: str, topics: Topics, open_seconds: float) -> None:
        self.name = name
        self.id = door_id(name)
        self.ring: str | None = None
        """The last one; all that is shown belongs to it."""
        self._topics = topics
        self._open_seconds = open_seconds
        self._visit = Visit.NONE
        self._details: Details = {}
        self._until = 0.0
        """When `ringing` or `waiting` is over, if nothing is heard before."""
        self._asked: str | None = None
        """The ring that was answered by a button, until that failed."""
        self._open_until: float | None = None
        self._photo: _Photo | None = None

    def states(self) -> list[Publication]:
        """How it is now, with the photo while it is kept."""
        photo = [self._shown(self._photo.jpeg)] if self._photo else []
        return [*photo, self._lock(), self._told_visit()]

    @property
    def is_busy(self) -> bool:
        """Whether somebody is there."""
        return self._visit in (Visit.RINGING, Visit.WAITING)

    def wants_photo(self, ring: str) -> bool:
        """Whether this is the last ring, and has no photo yet."""
        return ring == self.ring and self._photo is None

    # --- what the cloud says ----------------------------------------------------------

    def rings(self, ring: str, now: float, after: float = 0.0) -> list[Publication]:
        """Somebody is there; the event is told after so many seconds."""
        begun = self._begin(ring)
        self._visit = Visit.RINGING
        self._until = now + RINGING_SECONDS
        event = {"event_type": RING, "ring": ring, "door": shown_name(self.name)}
        payload = json.dumps(event).encode()
        return [
            *begun,
            self._told_visit(),
            Publication(self._topics.of(self.id, RING), payload, worth=RING_WORTH, after=after),
        ]

    def waits(self, ring: str, reason: str, until: float) -> list[Publication]:
        """A resident may answer until then; who was let in or declined waits no longer."""
        if ring == self.ring and self._visit in _ENDINGS:
            return []
        begun = [] if ring == self.ring else self._begin(ring)
        self._details["reason"] = reason
        self._until = until
        return [*begun, *self._now(Visit.WAITING)]

    def missed(self, ring: str, reason: str) -> list[Publication]:
        """Too late; a ring that was missed before somebody else came is no news."""
        if ring != self.ring and self.is_busy:
            return []
        begun = [] if ring == self.ring else self._begin(ring)
        self._details["reason"] = reason
        return [*begun, *self._now(Visit.MISSED)]

    def ended(self, ring: str | None, how: Ending, by: str | None, now: float) -> list[Publication]:
        """It opened, did not open, or a resident declined. Opening counts, whatever ring it was."""
        told: list[Publication] = []
        if how is Visit.OPENED:
            self._open_until = now + self._open_seconds
            told.append(self._lock())
        if ring == self.ring:
            if by is not None:
                self._details["by"] = by
            told += self._now(how)
        return told

    def photographed(self, ring: str, jpeg: bytes, now: float) -> list[Publication]:
        """The photo of a ring is there; that of an earlier ring is not shown."""
        if ring != self.ring:
            return []
        self._photo = _Photo(jpeg, now)
        return [self._shown(jpeg), self._told_visit()]

    def lost_sight(self) -> list[Publication]:
        """The line is down: who waits will be told anew, and who is not told waits no longer."""
        self._asked = None
        return self._now(Visit.NONE) if self.is_busy else []

    # --- buttons ----------------------------------------------------------------------

    def waiting_ring(self, payload: str, now: float) -> str | None:
        """The ring that a pressed button means: the one that waits now; None: nobody waits."""
        waits = self._visit is Visit.WAITING and now < self._until
        return self.ring if waits and payload in (PRESS, self.ring) else None

    def has_answered(self, ring: str) -> bool:
        """Whether an answer for this ring is on its way already."""
        return self._asked == ring

    def answered(self, ring: str) -> list[Publication]:
        """The answer is on its way to the cloud."""
        self._asked = ring
        return self.told_answer("sent")

    def not_taken(self, ring: str, why: str, *, may_try_again: bool) -> list[Publication]:
        """The cloud did not take the answer."""
        if ring != self.ring or self._visit is not Visit.WAITING:
            return []
        self._details["answer"] = why
        if may_try_again:
            self._asked = None
        return self._now(Visit.WAITING if may_try_again else Visit.NONE)

    def told_answer(self, what: str) -> list[Publication]:
        """What became of the last button: it is on its way, or why it did nothing."""
        self._details["answer"] = what
        return [self._told_visit()]

    # --- time -------------------------------------------------------------------------

    def due(self, now: float) -> list[Publication]:
        """What the clock alone has changed."""
        told: list[Publication] = []
        if self._photo is not None and now - self._photo.at >= PHOTO_SECONDS:
            self._photo = None
        if self._open_until is not None and now >= self._open_until:
            self._open_until = None
            told.append(self._lock())
        if self.is_busy and now >= self._until:
            # Usually `missed` comes now; where that is lost, nobody is shown to wait for ever.
            told += self._now(Visit.NONE)
        return told

    # --- one message each ---------------------------------------------------------------

    def _shown(self, jpeg: bytes) -> Publication:
        return Publication(self._topics.of(self.id, "photo"), jpeg)

    def _lock(self) -> Publication:
        word = b"OFF" if self._open_until is None else b"ON"
        return state(self._topics.of(self.id, "lock"), word)

    def _told_visit(self) -> Publication:
        content = {
            "visit": self._visit.value,
            "door": shown_name(self.name),
            "ring": self.ring,
            "photo": self._photo is not None,
            **self._details,
        }
        return state(self._topics.of(self.id, "visit"), json.dumps(content).encode())

    def _begin(self, ring: str) -> list[Publication]:
        """The last photo goes: whoever stands there now may be somebody else."""
        self.ring = ring
        self._details = {}
        self._photo = None
        return [self._shown(placeholder())]

    def _now(self, visit: Visit) -> list[Publication]:
        self._visit = visit
        return [self._told_visit()]
