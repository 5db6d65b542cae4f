"""`python -m benchmarks evening`: 100,000 homes on one evening, and after an outage; seeded models.

Which quota they meet first, and what the designs of docs/scale.md change.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks.faces_queue import Evening, Policy, arrivals, evening
from benchmarks.report import Figure, percentile, show
from benchmarks.storm import Gate, Storm, come_back, hasty, patient
from local.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

SEED: Final = 20261130
HOMES: Final = 100_000
CELL: Final = 10_000
RINGS_A_DAY: Final = 4.0
"""Of a home. An assumption."""
PEAK: Final = 3.0
"""How many times an even day's rate the busiest minute of the evening has. An assumption."""
EVENING: Final = 4 * 3600
"""Seconds."""
QUOTAS: Final = (5, 10, 25, 50)
"""Face searches a second: AWS's smaller defaults, and that of us-east-1."""
POLICIES: Final[tuple[Policy, ...]] = ("retry", "oldest first", "newest first")
GATE: Final = (100.0, 200.0)
"""A cell's stage throttle: connections a second, and at once."""
IMAGE: Final = ROOT / "docs" / "images" / "evening.png"


def rates(homes: int = HOMES, seconds: int = EVENING) -> list[float]:
    """Rings a second, in each second of an evening with its peak in the middle."""
    even = homes * RINGS_A_DAY / 86_400
    return [
        even * (1 + (PEAK - 1) * math.sin(math.pi * (second + 0.5) / seconds))
        for second in range(seconds)
    ]


def evenings() -> dict[tuple[int, Policy], Evening]:
    """By quota and policy; all have the same rings."""
    rings = arrivals(rates(), Random(SEED))
    return {
        (quota, policy): evening(rings, quota, policy, Random(SEED))
        for quota in QUOTAS
        for policy in POLICIES
    }


def storms() -> Mapping[str, Storm]:
    """A cell comes back, by how its doors wait."""
    return {
        name: come_back(CELL, Gate(*GATE), wait, Random(SEED))
        for name, wait in (("within a minute", hasty), ("up to ten minutes", patient))
    }


def main() -> None:
    """Print both tables, and draw the picture."""
    from benchmarks.plot import draw_evening  # matplotlib takes a while

    nights, back = evenings(), storms()
    show("Evening: 100,000 homes", [
        _row(f"{quota} searches a second, {policy}", it) for (quota, policy), it in nights.items()
    ])  # fmt: skip
    show("Storm: a cell comes back", [row for name, it in back.items() for row in _rows(name, it)])
    draw_evening(nights, back, IMAGE)


def _row(name: str, it: Evening) -> Figure:
    late = percentile(it.waits, 0.99) if it.waits else math.nan
    note = f"{len(it.waits) + it.rung} rings; p99 wait {late:.1f} s"
    return Figure(name, 100 * it.share, 100 * it.share, 1, note, "% compared")


def _rows(name: str, it: Storm) -> list[Figure]:
    half, nearly_all = (percentile(it.connected, share) for share in (0.5, 0.99))
    turned = len(it.turned_away) / len(it.connected)
    return [
        Figure(f"{name}: connected again", half, nearly_all, len(it.connected), "median, p99", "s"),
        Figure(f"{name}: turned away, a door", turned, turned, len(it.connected), "", ""),
    ]


if __name__ == "__main__":
    main()
