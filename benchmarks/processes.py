"""How many processes this program has started, and on Linux how much memory they hold."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path


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


def _kilobytes(pid: int, kind: str, file: str = "smaps_rollup") -> int:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(f"{kind}:")).split()[1])
    return 0


def _listed(columns: str) -> list[str]:
    """All processes of this machine, a line for each."""
    listed = subprocess.run(["ps", "-A", "-o", columns], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()
