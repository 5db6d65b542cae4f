"""Planes and heads as a tracker would have seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from doorbell.liveness.model import Match, Plane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TILTED = Plane(0.93, 0.02, 14.0, -0.01, 0.99, 3.0, g=-0.0003, h=0.0001)
"""A sheet that is turned by some twenty degrees."""
CLOSER = Plane(1.08, -0.05, -9.0, 0.05, 1.08, -20.0)
"""Shifted, turned in the picture and nearer, but not tilted."""
GRID = [(float(x), float(y)) for y in range(88, 250, 16) for x in range(140, 290, 16)]
"""Where a face is in the picture."""


class Sight(NamedTuple):
    """`doorbell.liveness.ports.Step`: what was found, whatever plane it is looked for beside."""

    matches: Sequence[Match]

    def beside(self, plane: Plane) -> Sequence[Match]:
        """The same."""
        return self.matches

    @classmethod
    def of(
        cls, plane: Plane, off: Callable[[int], tuple[float, float]] = lambda _: (0, 0)
    ) -> Sight:
        """Pieces that a plane has moved, each off by what is told of its number."""
        found = []
        for number, (x, y) in enumerate(GRID):
            (to_x, to_y), (across, down) = plane.moves(x, y), off(number)
            found.append(Match(x, y, to_x + across, to_y + down))
        return cls(found)
