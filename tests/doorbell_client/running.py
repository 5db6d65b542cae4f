"""A real `python -m doorbell_client run --simulated` that can be killed."""

import asyncio
import os
import sys
import time
from pathlib import Path

from doorbell_client.config.credentials import Credentials


class Running:
    """One such process, and what it printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self.bells: list[float] = []
        """When the bell sounded; wall clock."""
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls, folder: Path, credentials: Credentials, runtime: Path | None = None
    ) -> "Running":
        """`folder` has the pictures in `stills`, and will have the spool.

        `runtime` is the folder in memory, if there is one.
        """
        environment = {
            **os.environ,
            "DOORBELL_CLOUD_URL": credentials.url,
            "DOORBELL_TOKEN": credentials.token,
            "DOORBELL_SPOOL_FOLDER": str(folder / "spool"),
            "DOORBELL_CAMERA_FOLDER": str(folder / "stills"),
            "DOORBELL_CHIME_KIND": "none",
            **({"RUNTIME_DIRECTORY": str(runtime)} if runtime else {}),
        }
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "doorbell_client", "run", "--simulated",
                env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        )  # fmt: skip

    async def until(self, words: str, count: int = 1) -> None:
        """So many lines hold these words."""
        async with asyncio.timeout(15):
            while sum(words in line for line in self.lines) < count:
                await asyncio.sleep(0.005)

    def press(self) -> None:
        """A line is a press."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"ring\n")

    async def kill(self) -> int:
        """kill -9; returns how many presses it had taken."""
        self._process.kill()
        await self._process.wait()
        await self._reader
        return sum("somebody pressed" in line for line in self.lines)

    async def stop(self) -> int:
        """As systemd would; returns the exit status."""
        self._process.terminate()
        return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode())
            if "ding-dong" in self.lines[-1]:
                self.bells.append(time.time())
