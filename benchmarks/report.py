"""How figures are shown and kept: one table on the terminal, one JSON file for each benchmark."""

from __future__ import annotations

import json
import platform
import statistics
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 110
RESULTS = Path(__file__).parent / "results"


class Figure(NamedTuple):
    """One measured thing."""

    name: str
    median: float
    p95: float
    runs: int
    note: str = ""
    unit: str = "ms"
    goal: str = ""
    """What is aimed at, in the same unit."""


def figure(name: str, seconds: Sequence[float], note: str = "") -> Figure:
    """Median and 95th percentile of times in seconds."""
    late = percentile(seconds, 0.95)
    return Figure(name, statistics.median(seconds) * 1e3, late * 1e3, len(seconds), note)


def median_of(values: Sequence[int]) -> float:
    """Of whole numbers: one of them."""
    return float(statistics.median_low(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of them (0 to 1) does not exceed."""
    return sorted(values)[round(share * (len(values) - 1))]


def _short(value: float) -> str:
    """Three digits are more than a shared machine can promise."""
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print the table and write `results/{title}.json`."""
    table = Table(title=title, title_justify="left")
    table.add_column("what", no_wrap=True)
    for column in ("median", "p95"):
        table.add_column(column, justify="right")
    table.add_column("unit")
    table.add_column("goal")
    table.add_column("n", justify="right")
    table.add_column("note")
    for each in figures:
        values = _short(each.median), _short(each.p95)
        table.add_row(each.name, *values, each.unit, each.goal, str(each.runs), each.note)
    # What is not a terminal is taken for one of 80 columns, in which every line would be broken.
    Console(width=max(WIDTH, Console().width)).print(table)
    RESULTS.mkdir(exist_ok=True)
    content = {
        "title": title,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "figures": [each._asdict() for each in figures],
    }
    file = RESULTS / f"{title.split(':', maxsplit=1)[0].replace(' ', '-').lower()}.json"
    file.write_text(json.dumps(content, indent=2) + "\n")
