"""kill -9 of a real camera at any moment: what it said is kept arrives once, and whole."""

import asyncio
import os
import random
import re
import sys
from pathlib import Path

from PIL import Image

from doorbell_client.config.credentials import Credentials
from tests.doorbell_client.camera.fake_recipient import FakeRecipient, until

KILLS = 5
FRAME_ENDS = b"\xff\xd9"


class Camera:
    """One life of such a process, and what it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, what: str, folder: Path, at: Credentials) -> "Camera":
        environment = {
            **os.environ,
            "DOORBELL_CLOUD_URL": at.url,
            "DOORBELL_TOKEN": at.token,
            "DOORBELL_SPOOL_FOLDER": str(folder / "spool"),
            "DOORBELL_CAMERA_FOLDER": str(folder / "stills"),
            "DOORBELL_BUTTON_PIN": "17",
            "DOORBELL_LIGHTS_STATUS_PIN": "22",
            "DOORBELL_GIFCAM_FRAMES": "4",
            "DOORBELL_GIFCAM_BETWEEN": "0.05",
        }
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.doorbell_client.camera.mock_party", what,
                env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
        )  # fmt: skip

    def press(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"press\n")

    def count(self, words: str) -> int:
        return sum(words in line for line in self.lines)

    async def until(self, words: str) -> None:
        await until(lambda: bool(self.count(words)))

    async def kill(self) -> None:
        self._process.kill()
        await self._process.wait()
        await self._reader

    async def stop(self) -> int:
        self._process.terminate()
        status = await self._process.wait()
        await self._reader
        return status

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode())


def pictures(folder: Path) -> None:
    (folder / "stills").mkdir()
    for number in range(4):
        Image.new("RGB", (640, 480), (60 * number, 0, 0)).save(folder / "stills" / f"{number}.jpeg")


def waiting(folder: Path) -> list[Path]:
    return [file for file in (folder / "spool").glob("*-*") if file.is_file()]


def test_a_party_camera_killed_again_and_again_sends_every_film_once(tmp_path: Path) -> None:
    pictures(tmp_path)
    recipient = FakeRecipient(loses_answers=lambda count: count % 5 == 2)

    async def scene() -> None:
        async with recipient.running():
            presses = kept = 0
            for number in range(KILLS):
                camera = await Camera.start("gifcam", tmp_path, recipient.credentials)
                if number == 2:
                    outage = asyncio.create_task(recipient.for_a_while(2))
                await camera.until("ready")
                for _ in range(2):
                    camera.press()
                    presses += 1
                    await asyncio.sleep(0.5)
                await asyncio.sleep(random.random() * 0.4)
                await camera.kill()
                kept += camera.count("the film is kept")
            await outage
            last = await Camera.start("gifcam", tmp_path, recipient.credentials)
            await last.until("ready")
            last.press()
            await last.until("the film is kept")
            await until(lambda: not waiting(tmp_path))
            assert await last.stop() == 0
            assert kept + 1 <= len(recipient.objects) <= presses + 1
            assert len(set(recipient.stored)) == len(recipient.stored)
            assert {film.count(FRAME_ENDS) for film in recipient.objects.values()} == {4}
            assert kept >= KILLS, "most of them were not killed too early"

    asyncio.run(asyncio.wait_for(scene(), 60))


def test_a_camera_killed_again_and_again_takes_no_instant_twice(tmp_path: Path) -> None:
    pictures(tmp_path)
    recipient = FakeRecipient(loses_answers=lambda count: count % 5 == 2)

    async def scene() -> None:
        async with recipient.running():
            taken: list[str] = []
            for _ in range(KILLS):
                camera = await Camera.start("timelapse", tmp_path, recipient.credentials)
                await camera.until("is taken")
                await asyncio.sleep(random.random() * 1.2)
                await camera.kill()
                taken += instants(camera)
            last = await Camera.start("timelapse", tmp_path, recipient.credentials)
            await last.until("is taken")
            await until(lambda: not waiting(tmp_path))
            assert await last.stop() == 0
            taken += instants(last)
            assert len(set(taken)) == len(taken), "no instant is taken twice"
            assert len(taken) <= len(recipient.objects), "whatever was taken has arrived"
            assert len(set(recipient.stored)) == len(recipient.stored)
            assert all(jpeg.endswith(FRAME_ENDS) for jpeg in recipient.objects.values())

    asyncio.run(asyncio.wait_for(scene(), 60))


def instants(camera: Camera) -> list[str]:
    """Of which pictures it said that they are taken."""
    return re.findall(r"a picture for (.*) is taken", "".join(camera.lines))
