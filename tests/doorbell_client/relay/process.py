"""A relay as a process of its own that can be killed, with short waits.

python -m tests.doorbell_client.relay.process RECIPIENT FOLDER
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from doorbell_client.relay.relay import Relay, Settings
from doorbell_client.signals import until_stopped
from tests.doorbell_client.relay.living import DRIVE, GARDEN, SHORT

ROOT = Path(__file__).parents[3]


class Process:
    """One life of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, recipient: str, folder: Path) -> Process:
        """Returns at once; it may be killed while it starts."""
        command = [sys.executable, "-m", __name__, recipient, str(folder)]
        return cls(
            await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=None
            )
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    async def port(self) -> int | None:
        """Where cameras may come; None if it died before it said so."""
        assert self._process.stdout is not None
        said = await self._process.stdout.readline()
        return int(said) if said else None

    async def kill(self) -> None:
        """kill -9."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """As systemd does; the exit status."""
        self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()


def main() -> None:
    """Be the relay."""
    recipient, folder = sys.argv[1:]
    # A cloud on loopback needs no waits of minutes; uploads and bodies may take theirs.
    timing = SHORT._replace(cloud=SHORT.cloud._replace(silence=5))
    relay = Relay(
        Settings(recipient, [GARDEN, DRIVE], Path(folder)), lambda event: None, timing=timing
    )
    asyncio.run(until_stopped(relay.run(lambda port: print(port, flush=True))))


if __name__ == "__main__":
    main()
