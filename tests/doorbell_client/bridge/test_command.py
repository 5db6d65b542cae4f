"""`doorbell bridge` as it is typed: a process of its own, with a password and a certificate."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from doorbell.protocol import Answer, Pressed, Visitor
from doorbell_client.bridge.topics import Topics, door_id
from tests.debian import program
from tests.doorbell.aws.api.servers import write_certificate
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.mosquitto import Listener, Mosquitto, listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOPICS = Topics("home")
FRONT = door_id("Front door")
PASSWORD = "correct-horse-battery"


class Typed:
    """One `doorbell bridge` that somebody has typed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ended(self) -> tuple[int, str]:
        """Its status, and what it said to a person."""
        _, said = await asyncio.wait_for(self.process.communicate(), 20)
        assert self.process.returncode is not None
        return self.process.returncode, said.decode()

    async def says(self, words: str) -> str:
        """All that it says to a person until these words have come."""
        assert self.process.stderr is not None
        said = ""
        async with asyncio.timeout(15):
            while words not in said:
                line = await self.process.stderr.readline()
                assert line, f"it ended and said: {said}"
                said += line.decode()
        return said

    def command_line(self) -> str:
        """What `ps` shows of it to everybody."""
        return Path(f"/proc/{self.process.pid}/cmdline").read_text()


@contextlib.asynccontextmanager
async def typed(cloud: FakeCloud, *words: str, **environment: str) -> AsyncIterator[Typed]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "doorbell_client", "bridge", *words,
        env={
            **os.environ, "DOORBELL_CLOUD_URL": cloud.credentials.url,
            "DOORBELL_TOKEN": cloud.credentials.token, **environment,
        },
        stdout=subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Typed(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def status(listener: Listener, word: bytes) -> None:
    await listener.until(
        lambda: (last := listener.last(TOPICS.status)) is not None and last.payload == word
    )


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "passwords"
    subprocess.run(
        [program("mosquitto_passwd", "mosquitto"), "-b", "-c", file, "doorbell", PASSWORD],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


def test_it_speaks_to_a_broker_with_user_password_and_a_certificate_of_its_own(
    tmp_path: Path, password_file: Path
) -> None:
    own = write_certificate(tmp_path / "own.pem")
    lines = (
        f"certfile {own}", f"keyfile {own}", "allow_anonymous false",
        f"password_file {password_file}",
    )  # fmt: skip

    async def scene(broker: Mosquitto) -> None:
        cloud = FakeCloud(role="phone")
        tls = ssl.create_default_context(cafile=own)
        async with (
            cloud.running(),
            listening(broker.port, "doorbell", PASSWORD, tls) as listener,
            typed(
                cloud, "--broker", f"mqtts://127.0.0.1:{broker.port}",
                DOORBELL_BRIDGE_USER="doorbell", DOORBELL_BROKER_PASSWORD=PASSWORD,
                DOORBELL_BRIDGE_CA_FILE=str(own),
            ) as bridge,
        ):  # fmt: skip
            await status(listener, b"online")
            assert PASSWORD not in bridge.command_line()
            cloud.say(Pressed("r1", "Front door"), Visitor("r1", "Front door", "no_face", 60))
            await listener.until(
                lambda: (v := listener.last("/visit")) and v.content["visit"] == "waiting"
            )
            await listener.publish(TOPICS.of(FRONT, "let_in"), "r1")
            await listener.until(lambda: Answer("r1", "let_in") in cloud.requests)
            bridge.process.terminate()
            await status(listener, b"offline")
            returned, said = await bridge.ended()
            assert returned == 0
            assert f"connected to the broker at 127.0.0.1:{broker.port}" in said
            assert PASSWORD not in said
            assert cloud.credentials.token not in said

    with Mosquitto(tmp_path, *lines) as broker:
        asyncio.run(scene(broker))


def test_the_broker_speaks_for_a_bridge_that_was_killed(tmp_path: Path) -> None:
    async def scene(broker: Mosquitto) -> None:
        cloud = FakeCloud(role="phone")
        async with (
            cloud.running(),
            listening(broker.port) as listener,
            typed(cloud, "--broker", f"mqtt://127.0.0.1:{broker.port}") as bridge,
        ):
            await status(listener, b"online")
            bridge.process.kill()
            await status(listener, b"offline")

    with Mosquitto(tmp_path) as broker:
        asyncio.run(scene(broker))


@pytest.mark.parametrize(
    ("user", "words"),
    [("doorbell", "does not let this bridge in"), ("", "certificate is not trusted")],
)
def test_a_broker_that_refuses_is_named_and_the_password_is_not(
    tmp_path: Path, password_file: Path, user: str, words: str
) -> None:
    own = write_certificate(tmp_path / "own.pem")
    lines = ["allow_anonymous false", f"password_file {password_file}"]
    lines += [] if user else [f"certfile {own}", f"keyfile {own}"]

    async def scene(broker: Mosquitto) -> None:
        scheme = "mqtt" if user else "mqtts"
        environment = {"DOORBELL_BRIDGE_USER": user} if user else {}
        cloud = FakeCloud(role="phone")
        async with (
            cloud.running(),
            typed(
                cloud, "--broker", f"{scheme}://127.0.0.1:{broker.port}",
                DOORBELL_BROKER_PASSWORD="wrong-" + PASSWORD, **environment,
            ) as bridge,
        ):  # fmt: skip
            assert PASSWORD not in await bridge.says(words)

    with Mosquitto(tmp_path, *lines) as broker:
        asyncio.run(scene(broker))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "No broker is configured"),
        (("--broker", f"mqtt://anna:{PASSWORD}@127.0.0.1"), "expected mqtts://HOST"),
    ],
)
def test_what_cannot_begin_is_one_sentence(words: tuple[str, ...], said: str) -> None:
    async def scene() -> None:
        cloud = FakeCloud(role="phone")
        async with cloud.running(), typed(cloud, *words) as bridge:
            returned, told = await bridge.ended()
            assert returned == 1
            assert said in told
            assert told.count("\n") == 1
            assert PASSWORD not in told

    asyncio.run(scene())


def test_without_its_library_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "aiomqtt.py").write_text("raise ImportError('not here')\n")

    async def scene() -> None:
        cloud = FakeCloud(role="phone")
        path = os.pathsep.join([str(tmp_path), str(Path.cwd())])
        async with (
            cloud.running(),
            typed(cloud, "--broker", "mqtt://127.0.0.1", PYTHONPATH=path) as bridge,
        ):
            assert await bridge.ended() == (
                1, "aiomqtt is not here: `pip install -r requirements/bridge.txt`.\n"
            )  # fmt: skip

    asyncio.run(scene())
