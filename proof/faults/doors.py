"""A door whose program can be killed, and what a person notices there."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Final

from local.server import ROOT
from proof.faults.door import configuration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RESTART: Final = 1.0
"""Seconds until systemd starts it again (`RestartSec` in `doorbell install-service`)."""
PATIENCE: Final = 60.0
CONNECTS_WITHIN: Final = 150.0
"""A stack may be starting, and a device tries again after a minute at most."""
LINE: Final = "link.session: line: "
CONNECTED: Final = "line: up"


class Door:
    """One device: a folder that stays, and a process that comes and goes."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self.folder = folder
        self.gongs: list[float] = []
        self.strikes: list[float] = []
        """When they were energised; `time.monotonic()`, the same in all processes."""
        self.lines: list[str] = []
        """What it logged since `fresh`."""
        self.connected = False
        """Whether its line is up."""
        self.picture = folder / "seen.jpeg"
        self._killed_at_words = ""
        self._killed: Callable[[], None] = lambda: None
        self._changed = asyncio.Condition()
        self._pressed: list[float] = []
        self._process: asyncio.subprocess.Process
        self._readers: list[asyncio.Task[None]] = []
        self._starting: asyncio.Task[None] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        runtime = folder / "runtime"
        runtime.mkdir(exist_ok=True)
        (folder / "door.toml").write_text(
            configuration(str(self.picture), str(folder / "spool")), "utf-8"
        )
        self._environment = {
            **os.environ,
            "DOORBELL_CONFIG": str(folder / "door.toml"),
            "DOORBELL_CLOUD_URL": url,
            "DOORBELL_TOKEN": token,
            "RUNTIME_DIRECTORY": str(runtime),
        }

    async def start(self) -> None:
        """Begin; the line comes up by itself."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "proof.faults.door",
            cwd=ROOT, env=self._environment, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout
        assert self._process.stderr
        self._readers = [
            asyncio.create_task(self._notice(self._process.stdout)),
            asyncio.create_task(self._log(self._process.stderr)),
        ]

    async def press(self) -> float:
        """A finger on the button; when."""
        before = len(self._pressed)
        self._say("press")
        await self.until(lambda: len(self._pressed) > before)
        return self._pressed[-1]

    def type(self, code: str) -> None:
        """Six digits, and what ends them."""
        self._say(f"type *{code}#")

    def kill_at(self, words: str, done: Callable[[], None]) -> None:
        """kill -9 as soon as it logs these words; systemd starts it again. None: no more."""
        self._killed_at_words, self._killed = words, done

    async def running(self) -> None:
        """If it was killed: until it is there again, and connected."""
        if self._starting:
            await self._starting

    def fresh(self) -> None:
        """What it logged is of no interest any more."""
        self.lines.clear()

    async def stop(self) -> None:
        """As systemd would."""
        await self.running()
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def restart(self) -> None:
        """Stop, and begin with what is on the disk."""
        await self.stop()
        await self.begin()

    async def begin(self) -> None:
        """Start, and wait for the line."""
        count = sum(CONNECTED in line for line in self.lines)
        await self.start()
        connected = lambda: sum(CONNECTED in line for line in self.lines) > count  # noqa: E731
        await self.until(connected, CONNECTS_WITHIN)

    async def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(true)

    def said(self, words: str) -> bool:
        """Whether it has logged these words since `fresh`."""
        return any(words in line for line in self.lines)

    def waiting(self) -> list[str]:
        """What lies in its spool of presses that are not delivered."""
        spool = self.folder / "spool"
        return [f.name for f in spool.glob("*") if ".json" in f.name] if spool.is_dir() else []

    def _say(self, words: str) -> None:
        if self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(f"{words}\n".encode())

    async def _notice(self, out: asyncio.StreamReader) -> None:
        async for line in out:
            said = json.loads(line)
            seen = {"gong": self.gongs, "strike": self.strikes, "pressed": self._pressed}
            seen[said["what"]].append(said["at"])
            await self._tell()

    async def _log(self, err: asyncio.StreamReader) -> None:
        async for line in err:
            text = line.decode("utf-8", "replace").rstrip()
            self.lines.append(f"{time.monotonic():.3f} {text}")
            if LINE in text:
                self.connected = CONNECTED in text
            if self._killed_at_words and self._killed_at_words in text:
                self._kill()
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _kill(self) -> None:
        self._killed_at_words = ""
        self._killed()
        self._process.kill()
        self._starting = asyncio.create_task(self._again())

    async def _again(self) -> None:
        await self._process.wait()
        await asyncio.sleep(RESTART)
        try:
            await self.begin()
        finally:
            self._starting = None
