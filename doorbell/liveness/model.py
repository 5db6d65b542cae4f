"""The records of what moved between two pictures. Places are in pixels from a picture's corner."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple


class Match(NamedTuple):
    """A piece of a picture that was found in the next one, somewhere else."""

    x: float
    y: float
    """Its middle."""
    to_x: float
    to_y: float
    """Where that is in the next picture."""


class Plane(NamedTuple):
    """How a flat thing moves before a camera, whatever it does: x' = (a x + b y + c) / (g x + h y
    + 1), and y' likewise with d, e and f (a homography; Hartley and Zisserman, "Multiple View
    Geometry in Computer Vision", 13.1).
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    g: float = 0.0
    h: float = 0.0

    def moves(self, x: float, y: float) -> tuple[float, float]:
        """Where this place goes. Far outside of what it was fitted to it may go nowhere: NaN."""
        under = self.g * x + self.h * y + 1.0
        if abs(under) < 1e-9:
            return float("nan"), float("nan")
        across, down = self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f
        return across / under, down / under

    def off(self, match: Match) -> float:
        """How far from where this motion brings it a piece was found, in pixels."""
        x, y = self.moves(match.x, match.y)
        return hypot(x - match.to_x, y - match.to_y)
