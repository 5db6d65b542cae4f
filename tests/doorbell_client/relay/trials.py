"""Cameras send, a relay is killed again and again, both networks are cut: is every file there once?

Everything that chance decides comes from one seed, but for the moments in which the system itself
does things.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random
import socket
import struct
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.doorbell_client.relay.camera import request
from tests.doorbell_client.relay.fake_cloud import Act, FakeCloud, Step
from tests.doorbell_client.relay.living import DRIVE, GARDEN
from tests.doorbell_client.relay.process import Process

if TYPE_CHECKING:
    from pathlib import Path

    from doorbell_client.config.cameras import Camera

KILLS = 3
SECONDS = 60.0
"""A trial takes two or three; a machine with other work takes longer."""


class File(NamedTuple):
    """What a camera sends."""

    name: str
    kind: str
    body: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Outcome(NamedTuple):
    """What became of the files of one trial."""

    files: int
    lost: int
    doubled: int
    wrongs: list[str]
    kills: int
    cuts: int
    repeats: int
    """Files that a camera sent more than once."""


class Trial:
    """One of them."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._draw = random.Random(seed)
        self._folder = folder
        (folder / "cloud").mkdir(parents=True)
        self._cloud = FakeCloud(
            folder / "cloud",
            {GARDEN.token: "garden", DRIVE.token: "drive"},
            part_size=self._draw.choice([32, 64, 8192]) * 1024,
            fault=self._fault,
        )
        self._port: int | None = None
        self._calm = False
        self._cuts = self._repeats = self._kills = 0

    async def run(self) -> Outcome:
        """Until every file is acknowledged and gone from the relay, or time is up."""
        files = {camera: self._files() for camera in (GARDEN, DRIVE)}
        sent = Counter(file.digest for each in files.values() for file in each)
        async with self._cloud.running():
            weather = asyncio.create_task(self._weather())
            sending = asyncio.gather(*(self._camera(c, each) for c, each in files.items()))
            try:
                async with asyncio.timeout(SECONDS):
                    await self._lives(sending)
            except TimeoutError:
                pass
            finally:
                for task in (weather, sending):
                    task.cancel()
                await asyncio.gather(weather, sending, return_exceptions=True)
        stored = self._cloud.contents()
        doubled, lost = stored - sent, sent - stored
        return Outcome(
            sent.total(), lost.total(), doubled.total(), self._cloud.wrongs, self._kills,
            self._cuts, self._repeats,
        )  # fmt: skip

    def _files(self) -> list[File]:
        draw, files = self._draw, []
        for number in range(draw.randint(2, 4)):
            is_clip = draw.random() < 0.5
            size = draw.randint(30_000, 400_000) if is_clip else draw.randint(1, 60_000)
            name = draw.choice(["same.bin", f"{number}.bin"])
            kind = draw.choice(["video/mp4", "video/x-matroska"]) if is_clip else "image/jpeg"
            files.append(File(name, kind, draw.randbytes(size)))
        return files

    # --- the relay -------------------------------------------------------------------------

    async def _lives(self, sending: asyncio.Future[list[None]]) -> None:
        """Several short ones and a last long one."""
        relay_folder = self._folder / "relay"
        for _ in range(KILLS):
            relay = await Process.start(self._cloud.recipient, relay_folder)
            living = asyncio.create_task(self._live(relay))
            await asyncio.sleep(self._draw.uniform(0.2, 1.2))
            self._port = None
            await relay.kill()
            await living
            self._kills += 1
        self._calm = self._draw.random() < 0.5
        relay = await Process.start(self._cloud.recipient, relay_folder)
        try:
            await self._live(relay)
            await sending
            self._calm = True
            while any(file.suffix in (".json", ".data") for file in relay_folder.iterdir()):
                await asyncio.sleep(0.02)
        finally:
            self._port = None
            await relay.kill()

    async def _live(self, relay: Process) -> None:
        self._port = await relay.port()

    # --- the networks ------------------------------------------------------------------------

    def _fault(self, step: Step) -> Act | None:
        if self._calm or self._draw.random() > 0.12:
            return None
        self._cuts += 1
        return self._draw.choice(["cut", "cut", "500", "lost"])

    async def _weather(self) -> None:
        """The line to the cloud goes and comes."""
        while True:
            await asyncio.sleep(self._draw.uniform(0.2, 1.0))
            if self._calm:
                continue
            self._cuts += 1
            self._cloud.go_down()
            await asyncio.sleep(self._draw.uniform(0.02, 0.3))
            self._cloud.come_back()

    # --- a camera ----------------------------------------------------------------------------

    async def _camera(self, camera: Camera, files: list[File]) -> None:
        for file in files:
            tries = 0
            while not await self._sent(camera, file):
                await asyncio.sleep(0.03)
                tries += 1
            self._repeats += tries > 0

    async def _sent(self, camera: Camera, file: File) -> bool:
        """One try; whether the relay has said that it is kept."""
        if self._port is None:
            return False
        headers = {
            "Authorization": f"Bearer {camera.token}",
            "Content-Disposition": f'attachment; filename="{file.name}"',
        }
        pieces = None if self._draw.random() < 0.5 else [file.body[:100], file.body[100:]]
        data = request(file.body, kind=file.kind, headers=headers, pieces=pieces)
        with contextlib.suppress(OSError), Line() as line:
            await line.connect(self._port)
            return await self._told(line, data)
        return False

    async def _told(self, line: Line, data: bytes) -> bool:
        """Send it all and hear the answer, or pull the cable on the way."""
        if not self._calm and self._draw.random() < 0.2:
            self._cuts += 1
            await line.send(data[: self._draw.randrange(len(data))])
            return False
        await line.send(data)
        if not self._calm and self._draw.random() < 0.2:
            await asyncio.sleep(self._draw.uniform(0, 0.02))
            self._cuts += 1
            return line.pulled().startswith(b"HTTP/1.1 201")
        return (await line.answer()).startswith(b"HTTP/1.1 201")


class Line:
    """A cable that can be pulled so that it is known what had come through it until then."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setblocking(False)
        # Closed without a word: what comes later is refused by this machine, and not taken.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    async def connect(self, port: int) -> None:
        await asyncio.get_running_loop().sock_connect(self._socket, ("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def answer(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._socket, 1000)

    def pulled(self) -> bytes:
        """Pull it; what had come until then."""
        try:
            return self._socket.recv(1000)
        except BlockingIOError:
            return b""
        finally:
            self._socket.close()
