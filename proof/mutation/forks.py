"""Pieces of work, each in a process that is forked for it and ended in its time."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

HUNG: Final = -1
"""The end of a piece of work that was killed, or was not over in its time."""
_LOOK: Final = 0.002
"""Seconds between two looks at whether one has ended."""


class _Running(NamedTuple):
    folder: Path
    until: float
    ended: Callable[[int, Path], None]


class Forks:
    """Runs each piece of work in a forked process, at most `at_once` at a time."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._running: dict[int, _Running] = {}

    def start(
        self, work: Callable[[Path], int], seconds: float, ended: Callable[[int, Path], None]
    ) -> None:
        """Wait for a place, and begin. `work` is given a folder of its own, and its number goes to
        `ended` here with that folder: 1 if it raised, HUNG if it took longer than `seconds`.
        """
        while len(self._running) >= self._at_once:
            self._wait()
        folder = Path(tempfile.mkdtemp(prefix="mutation-"))
        if pid := os.fork():
            self._running[pid] = _Running(folder, time.monotonic() + seconds, ended)
            return
        code = 1
        try:
            os.setsid()
            code = work(folder)
        finally:
            os._exit(code)

    def wait_for_all(self) -> None:
        """Until none is left."""
        while self._running:
            self._wait()

    def _wait(self) -> None:
        """Until some end, or a moment has passed."""
        now = time.monotonic()
        for pid, running in list(self._running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._end(pid, os.waitstatus_to_exitcode(status))
            elif now > running.until:
                # With all that it has started.
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                self._end(pid, HUNG)
        time.sleep(_LOOK)

    def _end(self, pid: int, code: int) -> None:
        running = self._running.pop(pid)
        running.ended(code if code >= 0 else HUNG, running.folder)
        shutil.rmtree(running.folder, ignore_errors=True)
