"""What a thousand rings leave behind in RingPath's memory.

The rings are late ones: they go frame → row → event → ticket, through two jobs of RingPath each,
and no photo and no watch follow, so that a thousand of them take a minute and nothing of an
earlier one is under way. They are spread over homes, because one machine's DynamoDB looks at a
whole home for every query.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import linear_regression
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.households import connect
from benchmarks.processes import own_kilobytes, running
from doorbell.protocol import Ring, Ticket
from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RINGS, EVERY = 1000, 50
SETTLED = 200
"""Rings until what is imported and pooled by need is there."""
HOMES = 20
LATE_SECONDS = 100.0
"""So long ago was each press: more than LateAfter."""
RING_PATH = "functions.ring_path"
"""Stands in the command line of RingPath's processes."""
MEASURABLE = Path("/proc/self/smaps_rollup").exists()
"""Linux alone says so precisely what memory is a process's own."""


class Sample(NamedTuple):
    """The memory of each process of RingPath, by its id, after so many rings."""

    rings: int
    kilobytes: Mapping[int, int]


class Point(NamedTuple):
    """The memory of several processes together after so many rings."""

    rings: int
    kilobytes: int


class NoneLasted(Exception):
    """No process of RingPath was there at every sample, so nothing can be compared."""


def measure() -> list[Sample]:
    """Ring a thousand times at a stack of its own."""
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(local_stack.up(directory=directory))
        # Each has a phone, too, which hears of every press.
        homes = [connect(stack, f"memory-{number}", closing) for number in range(HOMES)]
        samples = []
        for number in range(1, RINGS + 1):
            door = homes[number % HOMES].door
            door.send(Ring(age=LATE_SECONDS))
            door.hear(Ticket)
            if number % EVERY == 0:
                samples.append(_sample(number))
        return samples


def settled(samples: Sequence[Sample]) -> list[Point]:
    """The processes that lasted from the ring at which all has settled to the last, together.

    One that began later has grown by all of its imports, one that ended takes its leak with it:
    both would hide what a ring leaves behind. Raises NoneLasted.
    """
    late = [each for each in samples if each.rings >= SETTLED]
    lasted = set.intersection(*(set(each.kilobytes) for each in late)) if late else set()
    if not lasted:
        raise NoneLasted("No process of RingPath lasted from the first sample to the last.")
    return [Point(each.rings, sum(each.kilobytes[pid] for pid in lasted)) for each in late]


def growth(points: Sequence[Point]) -> float:
    """KB for each ring, by the straight line that fits best."""
    rings, kilobytes = zip(*points, strict=True)
    return linear_regression(rings, kilobytes).slope


def _sample(rings: int) -> Sample:
    return Sample(rings, {pid: own_kilobytes(pid) for pid in running(RING_PATH)})
