"""`doorbell relay` as somebody types it: a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Typed:
    """One `doorbell relay` that somebody has typed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""

    async def says(self, words: str) -> str:
        """All that it has said until these words have come."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while not re.search(words, self.said):
                line = await self.process.stderr.readline()
                assert line, f"it ended and said: {self.said}"
                self.said += line.decode()
        return self.said

    async def port(self) -> int:
        """Where cameras may come."""
        found = re.search(r"port (\d+)", await self.says("cameras may come"))
        assert found
        return int(found[1])

    async def ended(self) -> int:
        """Its status, with all that it said in `said`."""
        _, rest = await asyncio.wait_for(self.process.communicate(), 20)
        self.said += rest.decode()
        assert self.process.returncode is not None
        return self.process.returncode


@contextlib.asynccontextmanager
async def typed(config: Path, **environment: str) -> AsyncIterator[Typed]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "doorbell_client", "relay", "--config", str(config),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Typed(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
