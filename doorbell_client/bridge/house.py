"""What the cloud tells the phones of one home, as publications.

It neither reads a clock nor sends: who calls it does. A code is never told: everybody on the
broker would know it.
"""

from typing import Final, TypeAlias

from doorbell.protocol import Declined, DoorOpened, Message, Missed, NotOpened, Pressed, Visitor
from doorbell_client.bridge.discovery import Described, announce, announced_door, withdrawn_door
from doorbell_client.bridge.door import Door, Ending, Visit
from doorbell_client.bridge.doors import Doors
from doorbell_client.bridge.publication import Publication

LISTENS_AFTER: Final = 1.0
"""Seconds in which Home Assistant makes the entities of a door that it has just heard of."""

_End: TypeAlias = DoorOpened | NotOpened | Declined


class House:
    """One home. Every `now` is in seconds of one clock that never jumps."""

    def __init__(
        self, described: Described, doors: Doors, listens_after: float = LISTENS_AFTER
    ) -> None:
        self._described = described
        self._doors = doors
        self._listens_after = listens_after

    def everything(self) -> list[Publication]:
        """For who may have forgotten or never known: all doors and how they are."""
        return [told for door in self._doors for told in self._introduced(door)]

    def learn(self, topic: str, payload: bytes) -> list[Publication]:
        """An announcement on the broker: from an earlier run, or deleted by Home Assistant."""
        topics = self._described.topics
        if gone := withdrawn_door(topics, topic, payload):
            self._doors.forget(gone)
        elif name := announced_door(topics, topic, payload):
            door, is_new = self._doors.find(name)
            return self._introduced(door) if door and is_new else []
        return []

    def hear(self, message: Message, now: float) -> list[Publication]:
        """Something that the cloud tells phones."""
        match message:
            case Pressed():
                return self._rings(message, now)
            case Visitor():
                return [*self._rings(message, now), *self._waits(message, now)]
            case Missed():
                return self._missed(message)
            case DoorOpened() | NotOpened() | Declined():
                return self._ended(message, now)
            case _:
                return []

    @property
    def is_busy(self) -> bool:
        """Whether somebody is at a door."""
        return any(door.is_busy for door in self._doors)

    def wants_photo(self, ring: str) -> bool:
        """Whether this ring is its door's last one, and has no photo yet."""
        door = self._doors.of_ring(ring)
        return door is not None and door.wants_photo(ring)

    def photographed(self, ring: str, jpeg: bytes, now: float) -> list[Publication]:
        """The photo of a ring was fetched."""
        door = self._doors.of_ring(ring)
        return door.photographed(ring, jpeg, now) if door else []

    def lost_sight(self) -> list[Publication]:
        """The line to the cloud is down; what still is comes again with `hello`."""
        return [told for door in self._doors for told in door.lost_sight()]

    def due(self, now: float) -> list[Publication]:
        """What the clock alone has changed."""
        return [told for door in self._doors for told in door.due(now)]

    def _introduced(self, door: Door) -> list[Publication]:
        return [*announce(self._described, door.name), *door.states()]

    def _rings(self, message: Pressed | Visitor, now: float) -> list[Publication]:
        """A `visitor` whose ring is new: the line was down at the press, and they still wait."""
        if self._doors.knows(message.ring):
            return []
        door, is_new = self._doors.find(message.door)
        if door is None:
            return []
        self._doors.remember(message.ring, door)
        introduced = self._introduced(door) if is_new else []
        after = self._listens_after if is_new else 0.0
        return [*introduced, *door.rings(message.ring, now, after)]

    def _waits(self, message: Visitor, now: float) -> list[Publication]:
        door = self._doors.of_ring(message.ring)
        if door is None:
            return []
        return door.waits(message.ring, message.reason, now + message.answer_within)

    def _missed(self, message: Missed) -> list[Publication]:
        door, is_new = self._doors.find(message.door)
        if door is None:
            return []
        self._doors.remember(message.ring, door)
        introduced = self._introduced(door) if is_new else []
        return [*introduced, *door.missed(message.ring, message.reason)]

    def _ended(self, message: _End, now: float) -> list[Publication]:
        door = self._doors.of_ring(message.ring)
        if door is None:
            return []
        how, by = _ending(message)
        return door.ended(message.ring, how, by, now)


def _ending(message: _End) -> tuple[Ending, str | None]:
    match message:
        case DoorOpened():
            return Visit.OPENED, message.by
        case Declined():
            return Visit.DECLINED, message.by
        case NotOpened():
            return Visit.NOT_OPENED, None
