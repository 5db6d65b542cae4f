"""A door's own program, of this release or the one before; a line to it is a press or a code."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final, Self

from demo.errors import DemoFailed

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

CONNECTED: Final = "connected"
PRESSED: Final = "somebody pressed"
RELEASED: Final = "the strike is released"
PATIENCE: Final = 120.0


class Door:
    """`doorbell run --simulated`, while it is entered. What it prints is what is seen at the door.

    `folder` has the pictures of its camera in `stills`, and will have its spool.
    """

    def __init__(self, release: Path, folder: Path, url: str, token: str) -> None:
        self._release, self._folder = release, folder
        self._cloud = {"DOORBELL_CLOUD_URL": url, "DOORBELL_TOKEN": token}
        self._lines: list[str] = []
        self._more = threading.Condition()
        self._program: subprocess.Popen[str]

    def __enter__(self) -> Self:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "doorbell_client", "run", "--simulated"],
            cwd=self._release,
            env={
                **os.environ,
                **self._cloud,
                "DOORBELL_SPOOL_FOLDER": str(self._folder / "spool"),
                "DOORBELL_CAMERA_FOLDER": str(self._folder / "stills"),
                "DOORBELL_CHIME_KIND": "none",
            },
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.until(CONNECTED)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._program.terminate()
        self._program.wait(PATIENCE)

    def type(self, line: str) -> None:
        """`ring`, or a code."""
        assert self._program.stdin is not None
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()

    def count(self, words: str) -> int:
        """How many lines have these words, until now."""
        with self._more:
            return sum(words in line for line in self._lines)

    def until(self, words: str, count: int = 1) -> None:
        """So many lines have these words. Raises DemoFailed after two minutes."""
        with self._more:
            if not self._more.wait_for(lambda: self.count(words) >= count, PATIENCE):
                raise DemoFailed(f"The door never said {words!r}; its last: {self._lines[-3:]}")

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            with self._more:
                self._lines.append(line.rstrip())
                self._more.notify_all()
