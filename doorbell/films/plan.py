"""How the film of a period is made: which pictures, in which parts.

A part is made by itself and then joined to the others without encoding it again, so that neither
the memory nor the time of one function sets a limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.films.model import Segment
from doorbell.films.names import just_before, moment, pictures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from doorbell.films.model import Period
    from doorbell.films.ports import FilmStore

MOST_PICTURES: Final = 10_000
"""Of one film. Of more, each second, third … is taken, evenly."""
IN_A_SEGMENT: Final = 500
"""Pictures. Large ones take a minute or two so, of the fifteen that a function has."""
IN_A_GIF: Final = 60
"""Pictures; more would be a file that nobody sends."""


def pictures_in(store: FilmStore, period: Period) -> Iterator[str]:
    """The keys of what the camera saw, in order of time."""
    place = pictures_of(period.home, period.camera)
    for key in store.keys(place, after=just_before(period)):
        at = moment(key)
        if at is None or at < period.start:
            continue
        if at >= period.end:
            return
        yield key


def every(pictures: int, most: int) -> int:
    """Each how-manieth picture is taken, so that they are `most` at most."""
    return max(1, -(-pictures // most))


def segments(keys: Sequence[str]) -> tuple[Segment, ...]:
    """The parts of a film of these pictures. A part is named by its ends: a list of ten thousand
    keys is more than a state machine can hold.
    """
    step = every(len(keys), MOST_PICTURES)
    taken = keys[::step]
    parts = [taken[n : n + IN_A_SEGMENT] for n in range(0, len(taken), IN_A_SEGMENT)]
    return tuple(Segment(n, part[0], part[-1], step) for n, part in enumerate(parts))


def keys_of(store: FilmStore, home: str, camera: str, segment: Segment) -> Iterator[str]:
    """The pictures of a part."""
    place = pictures_of(home, camera)
    # Shorter by a letter, it stands before the first: listing begins behind what it is given.
    listed = store.keys(place, after=segment.first[:-1])
    return _each(_between(listed, segment), segment.every)


def _between(keys: Iterable[str], segment: Segment) -> Iterator[str]:
    for key in keys:
        if key > segment.last:
            return
        if key >= segment.first and moment(key) is not None:
            yield key


def _each(keys: Iterable[str], step: int) -> Iterator[str]:
    return (key for number, key in enumerate(keys) if number % step == 0)
