"""Which file goes next. No I/O here.

There are two lanes, so that a picture never waits for a clip of gigabytes: small files go several
at a time, but of each camera one after another and in order; large ones go one at a time, the
oldest first. A file that fails again and again lets others pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from doorbell_client.relay.kept import Kept
from doorbell_client.relay.parts import PART_SIZE

Lane: TypeAlias = Literal["small", "large"]

STAYS_FIRST: Final = 3
"""So often a file may fail and is still the next; the network is the likelier cause."""


@dataclass
class Waiting:
    """A file that is not in the cloud yet. Times are of the queue's clock."""

    kept: Kept
    failures: int = 0
    """In a row, without a single part that arrived."""
    due: float = 0.0
    """Not before."""
    is_under_way: bool = False
    is_refused: bool = False
    """The cloud did not take it as it is."""

    @property
    def lane(self) -> Lane:
        """A file of one part is as small as a picture."""
        return "small" if self.kept.size <= PART_SIZE else "large"

    @property
    def camera(self) -> str:
        """Whose it is."""
        return self.kept.about.camera


class Queue:
    """All files that wait, in their order."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._closed: dict[str, float] = {}
        """Cameras whose token the cloud does not take, and until when it is not tried again."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(each.kept.size for each in self._waiting.values())

    def add(self, kept: Kept) -> None:
        """One more, behind all others."""
        self._waiting[kept.id] = Waiting(kept)

    def take(self, lane: Lane, now: float) -> Waiting | None:
        """The next of a lane, which is under way from now on; None if there is none now."""
        busy = {each.camera for each in self._of(lane) if each.is_under_way and lane == "small"}
        for each in self._of(lane):
            if not each.is_under_way and self._due(each) <= now and each.camera not in busy:
                each.is_under_way = True
                return each
        return None

    def next_due(self, lane: Lane, now: float) -> float | None:
        """When `take` may have one more if nothing else happens; None: not by time alone.

        What is due and was not taken waits for another file of its camera.
        """
        resting = (self._due(each) for each in self._of(lane) if not each.is_under_way)
        return min((due for due in resting if due > now), default=None)

    def done(self, waiting: Waiting) -> None:
        """It is in the cloud."""
        self._waiting.pop(waiting.kept.id, None)
        self._closed.pop(waiting.camera, None)

    def failed(self, waiting: Waiting, now: float, wait: float) -> None:
        """It may go again: now if that is the first time, else after so many seconds."""
        waiting.is_under_way = False
        waiting.failures += 1
        if waiting.failures >= STAYS_FIRST:
            waiting.due = now + wait

    def set_back(self, waiting: Waiting, until: float) -> None:
        """The cloud does not take it as it is."""
        waiting.is_under_way, waiting.is_refused = False, True
        waiting.due = until

    def close(self, waiting: Waiting, until: float) -> None:
        """The cloud does not take the token of its camera."""
        waiting.is_under_way = False
        self._closed[waiting.camera] = until

    def is_closed(self, camera: str) -> bool:
        """Whether the cloud did not take this camera's token when it was last asked."""
        return camera in self._closed

    def _of(self, lane: Lane) -> Iterator[Waiting]:
        return (each for each in self._waiting.values() if each.lane == lane)

    def _due(self, waiting: Waiting) -> float:
        return max(waiting.due, self._closed.get(waiting.camera, 0.0))
