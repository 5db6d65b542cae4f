"""Which modules a start spends its import time on, as shares: Python's own `-X importtime`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
DEAREST = 6
OURS = ("doorbell", "functions", "websocket")
IMPORT = "import sys; sys.path.insert(0, sys.argv[1]); import functions.ring_path.entry"


def shares(package: Path, environment: Mapping[str, str]) -> list[Figure]:
    """The dearest top-level modules of RingPath's imports, ours taken as one."""
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", "-c", IMPORT, package],
        env=environment, check=True, capture_output=True, text=True,
    ).stderr  # fmt: skip
    spent = spent_by_module(said)
    whole = spent.total()
    return [
        Figure(f"of the imports: {name}", share, share, 1, unit="%")
        for name, share in ((n, 100 * time / whole) for n, time in spent.most_common(DEAREST))
    ]


def spent_by_module(said: str) -> Counter[str]:
    """Microseconds in each top-level module itself, from what `-X importtime` has said."""
    spent: Counter[str] = Counter()
    for microseconds, module in LINE.findall(said):
        top = module.split(".")[0]
        spent["our own modules" if top in OURS else top] += int(microseconds)
    return spent
