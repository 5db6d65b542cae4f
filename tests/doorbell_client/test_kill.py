"""kill -9 of a real `doorbell run` at random moments: no press lost, none doubled."""

import asyncio
import os
import random
import sys
import time
from pathlib import Path

from doorbell_client.spool import Spool
from tests.doorbell_client.fake_cloud import FakeCloud

JPEG = b"\xff\xd8\xff" + b"somebody" * 5000 + b"\xff\xd9"
KILLS = 8


class Running:
    """One `python -m doorbell_client run --simulated`, and what it printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, folder: Path, cloud: FakeCloud) -> "Running":
        environment = {
            **os.environ,
            "DOORBELL_CLOUD_URL": cloud.credentials.url,
            "DOORBELL_TOKEN": cloud.credentials.token,
            "DOORBELL_SPOOL_FOLDER": str(folder / "spool"),
            "DOORBELL_CAMERA_FOLDER": str(folder / "stills"),
            "DOORBELL_CHIME_KIND": "none",
        }
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "doorbell_client", "run", "--simulated",
                env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        )  # fmt: skip

    async def until(self, words: str, count: int = 1) -> None:
        async with asyncio.timeout(15):
            while sum(words in line for line in self.lines) < count:
                await asyncio.sleep(0.005)

    def press(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"ring\n")

    async def kill(self) -> int:
        """kill -9; returns how many presses it had taken."""
        self._process.kill()
        await self._process.wait()
        await self._reader
        return sum("somebody pressed" in line for line in self.lines)

    async def stop(self) -> int:
        self._process.terminate()
        return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode())


async def killed_again_and_again(folder: Path, cloud: FakeCloud) -> int:
    """Several short lives; returns how many presses they took."""
    taken = 0
    for number in range(KILLS):
        door = await Running.start(folder, cloud)
        if number % 2:
            await door.until("connected")
        for _ in range(3):
            door.press()
            await asyncio.sleep(random.random() * 0.02)
        await door.until("somebody pressed")
        if number == 2:
            cloud.cut()
        await asyncio.sleep(random.random() * 0.25)
        taken += await door.kill()
    return taken


async def settled(folder: Path, cloud: FakeCloud, presses: int) -> None:
    """One more life, until so many presses are in the cloud and none waits."""
    last = await Running.start(folder, cloud)
    await last.until("connected")
    async with asyncio.timeout(20):
        while len(cloud.presses) < presses or Spool(folder / "spool").peek():
            await asyncio.sleep(0.02)
    assert await last.stop() == 0


def test_a_door_killed_again_and_again_delivers_every_press_once(tmp_path: Path) -> None:
    (tmp_path / "stills").mkdir()
    (tmp_path / "stills" / "a.jpeg").write_bytes(JPEG)
    cloud = FakeCloud(outage=0.3)

    async def told() -> None:
        async with cloud.running():
            began = time.time()
            taken = await killed_again_and_again(tmp_path, cloud)
            await settled(tmp_path, cloud, taken)
            # A press may have been taken in the very moment of a kill, before it was printed.
            assert taken <= len(cloud.presses) <= 3 * KILLS
            assert set(cloud.photos.values()) == {JPEG}
            for tellings in cloud.presses.values():
                assert max(tellings) - min(tellings) < 0.5
                assert began - 0.5 < min(tellings)

    asyncio.run(told())
