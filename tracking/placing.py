"""Blocks of one picture, placed in another: from coarse to fine, then about a plane's motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from tracking.blocks import Blocks, Fit, Way

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from doorbell.liveness.model import Plane
    from tracking.frame import Frame

REACH: Final = 6
"""Pixels of the smallest picture, each way: 48 of the largest."""
STEPS: Final = (3, 2, 2)
"""How often a place is made better, at each size but the smallest."""
LONGEST: Final = 2.0
"""Pixels of one such step: further off the slopes say nothing."""
ALIKE: Final = 0.8
"""Correlation of a block that was found."""
ARRIVED: Final = 0.03
"""Pixels; nearer to the best place nobody sees the difference."""
STILL: Final = 0.35
"""Pixels; a block that would fit better only so little beside its place stands still."""
TEXTURED: Final = 4.0
"""Times the noise that a block must vary to be followed."""
THERE: Final = Way(0.0, 0.0)


class Placed(NamedTuple):
    """How far a block has moved, and how it fits there."""

    way: Way
    fit: Fit


Places: TypeAlias = dict[int, Placed]
"""By the block's number."""


def place(first: Sequence[Blocks], second: Frame) -> Places:
    """The blocks of the largest size that do not stand still, each at its best place."""
    ways = _search(first[-1], second[-1])
    places: Places = {}
    for size in range(len(STEPS) - 1, -1, -1):
        places = _begin(first[size], second[size], first[size + 1], ways)
        for _ in range(STEPS[size]):
            _go_on(first[size], second[size], places)
        ways = {number: placed.way for number, placed in places.items()}
    return places


def place_beside(blocks: Blocks, picture: Image.Image, places: Places, plane: Plane) -> Places:
    """The same blocks, looked for about where a plane's motion brings them: the other picture is
    bent back by it, so that what lies in the plane is neither turned nor foreshortened any more.
    """
    flat = blocks.bent_back(picture, plane)
    ways = dict.fromkeys(places, THERE)
    about = {number: Placed(THERE, fit) for number, fit in blocks.fits(flat, ways).items()}
    for _ in range(STEPS[0]):
        _go_on(blocks, flat, about)
    return {
        number: _of_plane(blocks, number, placed, plane)
        if placed.fit.likeness > places[number].fit.likeness
        else places[number]
        for number, placed in about.items()
    }


def _of_plane(blocks: Blocks, number: int, placed: Placed, plane: Plane) -> Placed:
    """The way of a block that was found in the picture that is bent back."""
    x, y = blocks.middle(number)
    to_x, to_y = plane.moves(x + placed.way.x, y + placed.way.y)
    return Placed(Way(to_x - x, to_y - y), placed.fit)


def _search(blocks: Blocks, picture: Image.Image) -> dict[int, Way]:
    """Each block where it is most alike, of all places near by."""
    best: dict[int, tuple[float, Way]] = {}
    reach = range(-REACH, REACH + 1)
    for way in (Way(float(x), float(y)) for y in reach for x in reach):
        for number, likeness in enumerate(blocks.likenesses(picture, way)):
            if number not in best or likeness > best[number][0]:
                best[number] = likeness, way
    return {number: way for number, (_, way) in best.items()}


def _begin(
    blocks: Blocks, picture: Image.Image, coarse: Blocks, known: Mapping[int, Way]
) -> Places:
    """Each block that may have moved, at the best of what the coarse blocks around it moved."""
    there = blocks.fits_there(picture)
    # Most of what a door's camera sees stands still: what differs there is noise.
    noise = sorted(fit.rest for fit in there)[len(there) // 4]
    places = {
        number: Placed(THERE, fit)
        for number, fit in enumerate(there)
        if blocks.variance[number] > TEXTURED * noise and not _stands(fit)
    }
    tried: dict[int, set[Way]] = {number: {THERE} for number in places}
    for down in (0, 1):
        for across in (0, 1):
            near = {n: _near(blocks, n, coarse, across, down) for n in places}
            ways = {n: known[c].twice() for n, c in near.items() if c in known}
            new = {n: way for n, way in ways.items() if way.about() not in tried[n]}
            for number, way in new.items():
                tried[number].add(way.about())
            _take_better(places, new, blocks.fits(picture, new))
    return places


def _stands(fit: Fit) -> bool:
    return fit.likeness > ALIKE and max(abs(fit.better.x), abs(fit.better.y)) < STILL


def _near(blocks: Blocks, number: int, coarse: Blocks, across: int, down: int) -> int:
    """One of the four coarse blocks around a block, by number."""
    share = blocks.side / (2 * coarse.side)
    row, column = divmod(number, blocks.columns)
    r = min(max(0, int((row + 0.5) * share + 0.5) - 1 + down), coarse.rows - 1)
    c = min(max(0, int((column + 0.5) * share + 0.5) - 1 + across), coarse.columns - 1)
    return r * coarse.columns + c


def _go_on(blocks: Blocks, picture: Image.Image, places: Places) -> None:
    """Each block goes on to where it fits better, if it does."""
    ways = {
        number: Way(way.x + _short(fit.better.x), way.y + _short(fit.better.y))
        for number, (way, fit) in places.items()
        if max(abs(fit.better.x), abs(fit.better.y)) > ARRIVED
    }
    _take_better(places, ways, blocks.fits(picture, ways))


def _take_better(places: Places, ways: Mapping[int, Way], fits: Mapping[int, Fit]) -> None:
    for number, fit in fits.items():
        if fit.likeness > places[number].fit.likeness:
            places[number] = Placed(ways[number], fit)


def _short(step: float) -> float:
    return max(-LONGEST, min(LONGEST, step))
