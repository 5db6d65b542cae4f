"""How the doorbell scales on one machine: many rings at once, many people, many rings on end.

    python -m benchmarks.scale

Beside the figures stands `results/scale.png`.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import crowd, memory, plot
from benchmarks.households import RingLost, move_in, ring_at_once, seconds_of
from benchmarks.report import RESULTS, Figure, figure, show
from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.memory import Point
    from local.stack import Stack

ROUNDS = {1: 15, 10: 2, 50: 1}
"""How often so many doors ring at once."""
SIZES = (1, 100, 1000)
RINGS_PER_SIZE = 20
WARM_UP = 10
"""So many doors ring at once beforehand, so that RingPath's processes are there."""
PATIENT = {"PhotoSeconds": "60", "GotSeconds": "10"}
"""Fifty doors keep two cores busy for longer than these waits usually are."""
LARGER_HOME_GOAL = 1.2
"""Times a ring in a home of one: what a ring needs of a home does not grow with it."""
LEAK_GOAL = 2.0
"""KB a ring, all processes together: RingPath's 1,024 MB have room for half a million such rings.
Lambda's own runtime client leaves a part of it behind: it sets a variable for each run, whose old
value the C library never frees. Our own part is none (`tests/functions/test_memory.py`).
"""


def main() -> None:
    """Measure, show and draw. Raises SystemExit if a ring was lost: what was measured besides is
    shown all the same.
    """
    lost: list[str] = []
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(local_stack.up(directory=directory, parameters=PATIENT))
        at_once = _rings_at_once(stack, closing, lost)
        sizes = _rings_by_size(stack, closing)
        reasons = _reasons(stack)
    points = memory.settled(memory.measure()) if memory.MEASURABLE else []
    show("Scale: one machine, IAM on, ring → code", [
        *_at_once_rows(at_once),
        *_size_rows(sizes),
        *reasons,
        *_memory_rows(points),
    ])  # fmt: skip
    plot.draw(at_once, sizes, points, RESULTS / "scale.png")
    if lost:
        raise SystemExit("\n".join(lost))


def _rings_at_once(stack: Stack, closing: ExitStack, lost: list[str]) -> dict[int, list[float]]:
    """Without the numbers at which a ring was lost.

    On a slow machine that may be fifty: the state machine gives a face search ten seconds, and
    rings the bell then.
    """
    households = move_in(stack, [f"at-once-{number}" for number in range(max(ROUNDS))], closing)
    ring_at_once(households[:WARM_UP], 1)
    by_number = {}
    for number, rounds in ROUNDS.items():
        try:
            by_number[number] = seconds_of(ring_at_once(households[:number], rounds))
        except RingLost as error:
            lost.append(f"{number} at once: {error}")
    return by_number


def _rings_by_size(stack: Stack, closing: ExitStack) -> dict[int, list[float]]:
    homes = [_home_of(size) for size in SIZES]
    households = move_in(stack, homes, closing)
    for size, home in zip(SIZES, homes, strict=True):
        crowd.fill(stack, home, size)
    for household in households:
        seconds_of(ring_at_once([household], 1))
    by_size: dict[int, list[float]] = {size: [] for size in SIZES}
    # In turn, so that a machine that grows slower meanwhile does so for all.
    for _ in range(RINGS_PER_SIZE):
        for size, household in zip(SIZES, households, strict=True):
            by_size[size] += seconds_of(ring_at_once([household], 1))
    return by_size


def _reasons(stack: Stack) -> list[Figure]:
    """What of a ring grows with the home: it queries it several times, and searches its faces."""
    # DynamoDB reads the rows that are asked for; its likeness here looks at all rows of the home.
    queries = [
        figure(
            f"of it, one query in a home of {size}",
            crowd.query_seconds(stack, _home_of(size)),
            "the one machine's table looks at every row",
        )
        for size in SIZES
    ]
    faces = max(SIZES)
    search = figure(f"of it, the search among {faces} faces", crowd.search_seconds(faces))
    return [*queries, search._replace(note="the photo's own face is embedded already")]


def _home_of(size: int) -> str:
    return f"of-{size}"


def _at_once_rows(seconds: Mapping[int, Sequence[float]]) -> list[Figure]:
    return [
        figure(f"{number} at once", each, _ratio(each, seconds[1], "one ring", _one_by_one(number)))
        for number, each in seconds.items()
    ]


def _one_by_one(number: int) -> float:
    """The median of so many rings that wait for each other, in times of one: two cores do no worse
    than that, and are the limit themselves.
    """
    return (number + 1) / 2


def _size_rows(seconds: Mapping[int, Sequence[float]]) -> list[Figure]:
    return [
        figure(
            f"{size} residents and devices",
            each,
            _ratio(each, seconds[1], "a home of one", LARGER_HOME_GOAL),
        )
        for size, each in seconds.items()
    ]


def _ratio(seconds: Sequence[float], base: Sequence[float], of_what: str, goal: float) -> str:
    if seconds is base or not base:
        return ""
    return f"{median(seconds) / median(base):.1f} times {of_what}; goal: {goal:g} at most"


def _memory_rows(points: Sequence[Point]) -> list[Figure]:
    if not points:
        return []
    grown, most = memory.growth(points), max(point.kilobytes for point in points) / 1024
    return [
        Figure(
            "memory of RingPath, growth", grown, grown, memory.RINGS,
            unit="KB a ring", goal=f"< {LEAK_GOAL:g}",
        ),
        Figure("memory of RingPath, at most", most, most, len(points), unit="MB"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
