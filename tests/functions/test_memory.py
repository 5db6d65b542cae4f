"""A warm environment lives for hours: a thousand rings leave nothing behind in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 20_000
"""Bytes for all of them: less than one message for each tenth ring."""


def test_a_thousand_rings_leave_no_memory_behind() -> None:
    """In a process of their own: what a test's own tools keep is not counted."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.functions.thousand_rings"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.count("job done") > 2000
    assert int(ended.stderr) < MOST
