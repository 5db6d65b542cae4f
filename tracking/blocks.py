"""The blocks of one picture, and how each fits into another picture at some place.

The step to a better place is that of Lucas and Kanade ("An Iterative Image Registration Technique",
1981), by the slopes of the first picture; of each block only what differs from its mean counts, and
contrast is made equal first, so that a camera that adapts to the light moves nothing.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import Image

from tracking.means import means, product, slope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FLAT: Final = 2.0
"""Variance of grey levels (of 255) below which a block has nothing to follow."""
INDEPENDENT: Final = 4
"""One of so many pixels tells something new: JPEG and the camera's own filters blur the noise."""


class Way(NamedTuple):
    """How far a block has moved, in pixels of its picture."""

    x: float
    y: float

    def about(self) -> Way:
        """The nearest whole pixels."""
        return Way(round(self.x), round(self.y))

    def twice(self) -> Way:
        """The same way in a picture that is twice as large."""
        return Way(2 * self.x, 2 * self.y)


class Fit(NamedTuple):
    """How a block fits at some place in another picture."""

    likeness: float
    """Correlation: 1 is the same but for brightness and contrast."""
    better: Way
    """How much further it would fit better."""
    error: float
    """Pixels by which the place is uncertain, in the direction that tells the least."""
    rest: float
    """The variance that is left, in grey levels squared."""


NOWHERE: Final = Fit(-1.0, Way(0.0, 0.0), 99.0, 0.0)


class _Part:
    """A picture, or its slopes, with the mean of each block."""

    def __init__(self, picture: Image.Image, side: int) -> None:
        self.picture = picture
        self.means = means(picture, side)
        self._side = side

    def varies_with(self, other: _Part) -> list[float]:
        """The covariance in each block."""
        together = means(product(self.picture, other.picture), self._side)
        return [
            both - one * two
            for both, one, two in zip(together, self.means, other.means, strict=True)
        ]


class Blocks:
    """A picture cut into squares, numbered row by row."""

    def __init__(self, picture: Image.Image, side: int) -> None:
        """`side` is a square's, in pixels of this picture."""
        self.side = side
        self.columns, self.rows = picture.width // side, picture.height // side
        self._box = (0, 0, self.columns * side, self.rows * side)
        self._picture = _Part(picture.crop(self._box), side)
        self._across = _Part(slope(picture, 1, 0).crop(self._box), side)
        self._down = _Part(slope(picture, 0, 1).crop(self._box), side)
        self.variance = self._picture.varies_with(self._picture)
        self._given = self._across.varies_with(self._picture), self._down.varies_with(self._picture)
        self._shape = [
            *zip(
                self._across.varies_with(self._across),
                self._across.varies_with(self._down),
                self._down.varies_with(self._down),
                strict=True,
            )
        ]

    def middle(self, number: int) -> tuple[float, float]:
        """Of this block, in pixels from the picture's corner."""
        row, column = divmod(number, self.columns)
        return (column + 0.5) * self.side, (row + 0.5) * self.side

    def fits_there(self, other: Image.Image) -> list[Fit]:
        """How each block fits into the other picture where it is."""
        return self._fits(other.crop(self._box), range(self.columns * self.rows))

    def likenesses(self, other: Image.Image, way: Way) -> list[float]:
        """How alike each block is, if all have moved so, by whole pixels."""
        left, top = int(way.x), int(way.y)
        moved = other.crop((left, top, left + self._box[2], top + self._box[3]))
        part = _Part(moved, self.side)
        seen = zip(
            self.variance, part.varies_with(part), self._picture.varies_with(part), strict=True
        )
        return [_likeness(mine, variance, both) for mine, variance, both in seen]

    def fits(self, other: Image.Image, ways: Mapping[int, Way]) -> dict[int, Fit]:
        """How these blocks fit into the other picture, each moved so."""
        if not ways:
            return {}
        return dict(zip(ways, self._fits(self._moved(other, ways), ways), strict=True))

    def bent_back(self, other: Image.Image, plane: Sequence[float]) -> Image.Image:
        """The other picture as it would be if nothing had moved but by this motion of a plane."""
        return other.transform(
            self._box[2:], Image.Transform.PERSPECTIVE, plane, Image.Resampling.BICUBIC
        )

    def _fits(self, moved: Image.Image, numbers: Iterable[int]) -> list[Fit]:
        part = _Part(moved, self.side)
        variance, both = part.varies_with(part), self._picture.varies_with(part)
        across, down = self._across.varies_with(part), self._down.varies_with(part)
        return [self._fit(n, variance[n], both[n], across[n], down[n]) for n in numbers]

    def _moved(self, other: Image.Image, ways: Mapping[int, Way]) -> Image.Image:
        """The other picture's pieces, each put where it would come from."""
        pieces = []
        for number, (x, y) in ways.items():
            row, column = divmod(number, self.columns)
            left, top = column * self.side, row * self.side
            right, bottom = left + self.side, top + self.side
            corners = (
                left + x, top + y, left + x, bottom + y,
                right + x, bottom + y, right + x, top + y,
            )  # fmt: skip
            pieces.append(((left, top, right, bottom), corners))
        size = self._box[2:]
        return other.transform(size, Image.Transform.MESH, pieces, Image.Resampling.BICUBIC)

    def _fit(self, number: int, variance: float, both: float, across: float, down: float) -> Fit:
        mine = self.variance[number]
        xx, xy, yy = self._shape[number]
        area = xx * yy - xy * xy
        likeness = _likeness(mine, variance, both)
        if likeness <= 0 or area <= 1e-6:
            return NOWHERE
        contrast = both / variance
        miss_x = self._given[0][number] - contrast * across
        miss_y = self._given[1][number] - contrast * down
        better = Way((yy * miss_x - xy * miss_y) / area, (xx * miss_y - xy * miss_x) / area)
        rest = max(0.0, mine - contrast * both)
        weakest = (xx + yy - sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2
        error = sqrt(rest * INDEPENDENT / (max(weakest, 1e-6) * self.side**2))
        return Fit(likeness, better, error, rest)


def _likeness(mine: float, other: float, both: float) -> float:
    """The correlation, of what varies at all."""
    return both / sqrt(mine * other) if min(mine, other) > FLAT else -1.0
