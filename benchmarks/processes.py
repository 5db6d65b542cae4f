"""How many processes this program has started, and on Linux how much memory they hold."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS_BETWEEN = 0.5


@dataclass
class Usage:
    """The most that was seen at once."""

    processes: int = 0
    megabytes: float = 0.0


@contextlib.contextmanager
def watched() -> Iterator[Usage]:
    """Look at all descendants of this process twice a second while entered."""
    usage, over = Usage(), threading.Event()

    def look() -> None:
        while not over.wait(SECONDS_BETWEEN):
            running = descendants()
            usage.processes = max(usage.processes, len(running))
            usage.megabytes = max(usage.megabytes, sum(map(_megabytes, running)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield usage
    finally:
        over.set()
        watcher.join()


def descendants() -> list[int]:
    """The processes that this one has started, and those that they have."""
    parents = {int(pid): int(parent) for pid, parent in map(str.split, _listed("pid=,ppid="))}
    found = {os.getpid()}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return sorted(found - {os.getpid()})


def running(words: str) -> list[int]:
    """Those of them in whose command line these words stand."""
    ours = set(descendants())
    commands = (line.strip().partition(" ") for line in _listed("pid=,args="))
    return sorted(int(pid) for pid, _, command in commands if words in command and int(pid) in ours)


def own_kilobytes(pid: int) -> int:
    """What a process has written itself and shares with nobody; 0 if it is gone.

    That is what a leak fills. The proportional share (PSS) beside it also falls when somebody
    else on this machine maps the same libraries.
    """
    return _kilobytes(pid, "Anonymous")


def peak_kilobytes(pid: int) -> int:
    """The most memory that a process ever had at once; 0 if it is gone."""
    return _kilobytes(pid, "VmHWM", "status")


def _megabytes(pid: int) -> float:
    """What is its own, and its share of what it shares with others."""
    return _kilobytes(pid, "Pss") / 1024


def _kilobytes(pid: int, kind: str, file: str = "smaps_rollup") -> int:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(f"{kind}:")).split()[1])
    return 0


def _listed(columns: str) -> list[str]:
    """All processes of this machine, a line for each."""
    listed = subprocess.run(["ps", "-A", "-o", columns], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()
