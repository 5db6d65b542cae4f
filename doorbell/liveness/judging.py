"""Whether what moves before the door moves like a flat print.

A print may be waved, tilted and brought nearer: all of it moves as one plane. A head that turns or
nods does not, because the nose is nearer than the ears, and a mouth moves by itself. What is
shifted, turned in the picture or brought nearer without a tilt moves alike, flat or not, so that
only a tilt can tell. So: of what the tilt moved, how much is left beside the plane's motion?
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.liveness.plane import fit, similar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from doorbell.liveness.model import Match, Plane
    from doorbell.liveness.ports import Step, Tracker

FEWEST: Final = 20
"""Pieces that moved, without which nothing is said."""
ROUNDS: Final = 2
"""How often pieces are looked for anew beside the plane's motion."""
NEAR: Final = 2.0
"""Pixels beside the plane: what is further off is another thing, as the hand that holds it."""
SHARE: Final = 0.6
"""Of all that moves, at least so much must be near the plane for a step to say anything."""
TILT: Final = 1.0
"""Pixels by which a tilt must have moved the pieces (root mean square)."""
STEPS: Final = 3
"""So many steps must have such a tilt."""
FLAT: Final = 0.2
"""At most this share of what the tilts moved may be left beside the planes."""


class Seen(NamedTuple):
    """What one step shows, in pixels."""

    share: float
    """Of all that moves, what is near the plane."""
    tilt: float
    """How far the plane's tilt moved its pieces (root mean square)."""
    beside: float
    """Three quarters of them are no further beside the plane."""

    @property
    def tells(self) -> bool:
        """Whether a head would have shown its depth here."""
        return self.share >= SHARE and self.tilt >= TILT


def moves_like_a_print(tracker: Tracker, jpegs: Iterable[bytes]) -> bool:
    """Whether it does. False also if that cannot be said: too few pictures, or too little motion,
    or nothing that most of what moves belongs to.
    """
    return is_flat([seen for step in tracker.steps(jpegs) if (seen := look(step))])


def is_flat(steps: Sequence[Seen]) -> bool:
    """Whether these steps are those of a flat thing."""
    telling = [seen for seen in steps if seen.tells]
    if len(telling) < STEPS:
        return False
    tilt = sqrt(sum(seen.tilt**2 for seen in telling))
    return sqrt(sum(seen.beside**2 for seen in telling)) <= FLAT * tilt


def look(step: Step) -> Seen | None:
    """What a step shows; None if too little moves, or nothing as one."""
    matches = step.matches
    plane = _plane(matches, None)
    for _ in range(ROUNDS):
        if plane is None:
            return None
        matches = step.beside(plane)
        plane = _plane(matches, plane)
    return _measured(matches, plane) if plane else None


def _plane(matches: Sequence[Match], near: Plane | None) -> Plane | None:
    return fit(matches, near) if len(matches) >= FEWEST else None


def _measured(matches: Sequence[Match], plane: Plane) -> Seen | None:
    near = [match for match in matches if plane.off(match) < NEAR]
    if len(near) < FEWEST:
        return None
    untilted = similar(near, plane)
    tilts = [_apart(plane, untilted, match) ** 2 for match in near]
    beside = sorted(plane.off(match) for match in near)
    return Seen(len(near) / len(matches), sqrt(sum(tilts) / len(near)), beside[len(near) * 3 // 4])


def _apart(one: Plane, other: Plane, match: Match) -> float:
    """How far from each other both motions bring a piece."""
    (x, y), (u, v) = one.moves(match.x, match.y), other.moves(match.x, match.y)
    return sqrt((x - u) ** 2 + (y - v) ** 2)
