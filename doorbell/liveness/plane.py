"""The motion of a plane, fitted to where pieces of a picture went."""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING, Final, TypeAlias

from doorbell.liveness.model import Plane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from doorbell.liveness.model import Match

TRIES: Final = 60
"""Triples of pieces that are tried for a beginning: with half of all pieces on the plane, all but
one in 3,000 times one triple is wholly on it (1 - 0.5 ** 3, to the power of 60).
"""
APART: Final = 1_000.0
"""Twice the area of a triple's triangle, at least, in square pixels: what lies nearly on a line
says nothing of what lies beside it.
"""
ROUGH: Final = 2.0
"""Pixels that a piece of the plane may be off an affine motion: perspective, and noise."""
SCALES: Final = (2.0, 1.0, 0.5, 0.5, 0.5)
"""Pixels off the plane at which a piece counts a quarter, each time that the fit is made anew."""
FINE: Final = SCALES[-3:]
"""If it is known already about where the plane goes."""
UNIT: Final = 100.0
"""Pixels that are reckoned as one, so that all terms of the equations are of one order."""

Numbers: TypeAlias = list[float]


def fit(matches: Sequence[Match], near: Plane | None = None) -> Plane | None:
    """The motion that most of the pieces share; None if there is none. `near` is one that it may
    be looked for around.
    """
    plane = near or _beginning(matches)
    for scale in FINE if near else SCALES:
        if plane is None:
            return None
        # Geman and McClure's weights: what is far off the plane hardly counts.
        weights = [1.0 / (1.0 + (plane.off(match) / scale) ** 2) ** 2 for match in matches]
        plane = _homography(matches, weights)
    return plane


def similar(matches: Sequence[Match], plane: Plane) -> Plane:
    """The motion without any tilt that is nearest to the plane's at these pieces' places: shifted,
    turned in the picture, larger or smaller. Least squares.
    """
    there = [plane.moves(match.x, match.y) for match in matches]
    count = len(matches)
    x, y = sum(m.x for m in matches) / count, sum(m.y for m in matches) / count
    u, v = sum(p[0] for p in there) / count, sum(p[1] for p in there) / count
    along = across = spread = 0.0
    for match, (to_x, to_y) in zip(matches, there, strict=True):
        dx, dy, du, dv = match.x - x, match.y - y, to_x - u, to_y - v
        along += dx * du + dy * dv
        across += dx * dv - dy * du
        spread += dx * dx + dy * dy
    p, q = along / max(spread, 1e-9), across / max(spread, 1e-9)
    return Plane(p, -q, u - p * x + q * y, q, p, v - q * x - p * y)


def _beginning(matches: Sequence[Match]) -> Plane | None:
    """The affine motion of three pieces that the most others share."""
    best, most = None, 0
    for three in _triples(matches):
        plane = _affine(three)
        count = sum(plane.off(match) < ROUGH for match in matches) if plane else 0
        if count > most:
            best, most = plane, count
    return best


def _triples(matches: Sequence[Match]) -> Iterator[list[Match]]:
    """By chance, but the same each time: the same pictures are judged alike."""
    number = 1
    for _ in range(TRIES if matches else 0):
        three = []
        for _ in range(3):
            # Lehmer's generator, with Park and Miller's numbers.
            number = number * 48_271 % 2_147_483_647
            three.append(matches[number % len(matches)])
        yield three


def _affine(three: Sequence[Match]) -> Plane | None:
    """What moves these three as they moved; None if they lie nearly on a line."""
    one, two, other = three
    ux, uy, vx, vy = two.x - one.x, two.y - one.y, other.x - one.x, other.y - one.y
    area = ux * vy - uy * vx
    if abs(area) < APART:
        return None
    rows: Numbers = []
    for at in (2, 3):
        u, v = two[at] - one[at], other[at] - one[at]
        across, down = (u * vy - v * uy) / area, (v * ux - u * vx) / area
        rows += [across, down, one[at] - across * one.x - down * one.y]
    return Plane(*rows)


def _homography(matches: Sequence[Match], weights: Sequence[float]) -> Plane | None:
    """The least squares of u (g x + h y + 1) = a x + b y + c, and of v likewise with d, e and f,
    about the middle of the pieces; None if they do not say it.
    """
    total = max(sum(weights), 1e-9)
    middle = [sum(map(mul, weights, side)) / total for side in zip(*matches, strict=True)]
    x, y, u, v = (
        [(place - at) / UNIT for place in side]
        for at, side in zip(middle, zip(*matches, strict=True), strict=True)
    )
    wx, wy = [*map(mul, weights, x)], [*map(mul, weights, y)]
    terms = [*map(mul, wx, x)], [*map(mul, wx, y)], [*map(mul, wy, y)], wx, wy, weights
    both = [a * a + b * b for a, b in zip(u, v, strict=True)]
    solved = _solved(
        _equations(
            [sum(term) for term in terms],
            *([sum(map(mul, term, side)) for term in terms] for side in (u, v, both)),
        )
    )
    return None if solved is None else _in_pixels(solved, middle)


def _equations(plain: Numbers, by_u: Numbers, by_v: Numbers, by_both: Numbers) -> list[Numbers]:
    """The normal equations, from sums of x x, x y, y y, x, y and 1, each times what its name says;
    what they should give stands last.
    """
    left, right = _square(by_u), _square(by_v)
    alone, most = _square(plain), _square(by_both)
    none = [0.0] * 3
    return [
        *([*alone[i], *none, -left[i][0], -left[i][1], left[i][2]] for i in range(3)),
        *([*none, *alone[i], -right[i][0], -right[i][1], right[i][2]] for i in range(3)),
        *(
            [*(-one for one in left[i]), *(-one for one in right[i]), *most[i][:2], -most[i][2]]
            for i in range(2)
        ),
    ]


def _square(sums: Numbers) -> list[Numbers]:
    xx, xy, yy, x, y, one = sums
    return [[xx, xy, x], [xy, yy, y], [x, y, one]]


def _solved(table: list[Numbers]) -> Numbers | None:
    """Gauss and Jordan's elimination, the largest first; None if there is no one solution."""
    size = len(table)
    for at in range(size):
        largest = max(range(at, size), key=lambda row: abs(table[row][at]))
        if abs(table[largest][at]) < 1e-9:
            return None
        table[at], table[largest] = table[largest], table[at]
        pivot = table[at][at]
        table[at] = [each / pivot for each in table[at]]
        for row in range(size):
            factor = table[row][at]
            if row != at and factor:
                table[row] = [a - factor * b for a, b in zip(table[row], table[at], strict=True)]
    return [row[-1] for row in table]


def _in_pixels(solved: Numbers, middle: Numbers) -> Plane | None:
    """The same motion, of places that are counted from the picture's corner."""
    a, b, c, d, e, f, g, h = solved
    x, y, u, v = middle
    c, f, g, h = c * UNIT, f * UNIT, g / UNIT, h / UNIT
    under = 1.0 - g * x - h * y
    if abs(under) < 1e-6:
        return None
    across = (a + u * g, b + u * h, c - a * x - b * y + u * under)
    down = (d + v * g, e + v * h, f - d * x - e * y + v * under)
    return Plane(*(each / under for each in (*across, *down, g, h)))
