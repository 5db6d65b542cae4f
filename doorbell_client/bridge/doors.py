"""The doors of a home that were heard of, by name, by id, and by their rings."""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from doorbell_client.bridge.door import Door
from doorbell_client.bridge.topics import Topics, door_id

_log = logging.getLogger(__name__)

REMEMBERED: Final = 100
"""Rings whose door is known; the cloud tells of each several times, after a reconnect too."""

MOST_DOORS: Final = 32
"""More are a mistake or a joke, and each of them would stay on the broker."""


class Doors:
    """Makes a door when its name is first heard."""

    def __init__(self, topics: Topics, open_seconds: float) -> None:
        self._topics = topics
        self._open_seconds = open_seconds
        self._doors: dict[str, Door] = {}
        self._rings: OrderedDict[str, Door] = OrderedDict()

    def __iter__(self) -> Iterator[Door]:
        """In the order in which they were heard of."""
        return iter(tuple(self._doors.values()))

    def find(self, name: str) -> tuple[Door | None, bool]:
        """The door of this name, and whether it is new; None: there are too many."""
        id_ = door_id(name)
        if door := self._doors.get(id_):
            return door, False
        if len(self._doors) >= MOST_DOORS:
            _log.warning("a home with more than %d doors: one is passed over", MOST_DOORS)
            return None, False
        self._doors[id_] = door = Door(name, self._topics, self._open_seconds)
        return door, True

    def forget(self, id_: str) -> None:
        """It is made anew when it rings again."""
        door = self._doors.pop(id_, None)
        for ring in [ring for ring, at in self._rings.items() if at is door]:
            del self._rings[ring]

    def remember(self, ring: str, door: Door) -> None:
        """This ring was at this door."""
        self._rings[ring] = door
        if len(self._rings) > REMEMBERED:
            self._rings.popitem(last=False)

    def knows(self, ring: str) -> bool:
        """Whether it was heard of."""
        return ring in self._rings

    def of_ring(self, ring: str | None) -> Door | None:
        """Where it rang; an order without a known ring can only mean the only door."""
        if ring is not None and ring in self._rings:
            return self._rings[ring]
        return next(iter(self._doors.values())) if len(self._doors) == 1 else None
