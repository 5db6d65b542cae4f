"""What moved from each picture of a burst to the next one: `doorbell.liveness.ports.Tracker`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.liveness.model import Match
from filmmaker.errors import BrokenPicture
from tracking.blocks import Blocks
from tracking.frame import read_frame
from tracking.placing import ALIKE, place, place_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from doorbell.liveness.model import Plane
    from tracking.frame import Frame
    from tracking.placing import Places

SIDES: Final = (16, 16, 8, 8)
"""A block's side at each size of a picture, the largest first: 16, 32, 32 and 64 of its pixels."""
CERTAIN: Final = 0.3
"""Pixels by which a block's place may be uncertain."""
STILL: Final = 0.7
"""Pixels; what moves less stands still."""
MOST: Final = 12
"""Pictures that are looked at, one after another; of more, those that are evenly apart."""


class Step:
    """What moved from one picture to the next: `doorbell.liveness.ports.Step`."""

    def __init__(self, first: list[Blocks], second: Frame) -> None:
        self._blocks, self._picture = first[0], second[0]
        self._places = place(first, second)

    @property
    def matches(self) -> list[Match]:
        """The blocks that were found elsewhere."""
        return self._found(self._places)

    def beside(self, plane: Plane) -> list[Match]:
        """The same, about where this motion brings them."""
        return self._found(place_beside(self._blocks, self._picture, self._places, plane))

    def _found(self, places: Places) -> list[Match]:
        found = []
        for number, (way, fit) in places.items():
            moved = way.x**2 + way.y**2 >= STILL**2
            if moved and fit.likeness >= ALIKE and fit.error <= CERTAIN:
                x, y = self._blocks.middle(number)
                found.append(Match(x, y, x + way.x, y + way.y))
        return found


def steps(jpegs: Iterable[bytes]) -> Iterator[Step]:
    """From each picture to the next. One that is broken, or of another shape than the one before,
    is passed over.
    """
    before: Frame | None = None
    for jpeg in _some([*jpegs]):
        try:
            frame = read_frame(jpeg)
        except BrokenPicture:
            continue
        if before and frame[0].size != before[0].size:
            continue
        if before:
            yield Step(_cut(before), frame)
        before = frame


def _some(jpegs: list[bytes]) -> list[bytes]:
    """Not more than are looked at."""
    every = -(-len(jpegs) // MOST)
    return jpegs[:: max(1, every)]


def _cut(frame: Frame) -> list[Blocks]:
    return [Blocks(picture, side) for picture, side in zip(frame, SIDES, strict=True)]
