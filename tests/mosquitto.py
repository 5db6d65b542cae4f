"""A real MQTT broker on a free loopback port, and somebody who listens to all that it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import aiomqtt

from tests.debian import program

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path


class Mosquitto:
    """Debian's broker."""

    def __init__(self, folder: Path, *settings: str, keeps: bool = False) -> None:
        """`settings` are further lines of its configuration.

        With `keeps` it writes down what it retains when it is shut down; else it forgets it.
        """
        self.port = _free_port()
        self._file = folder / f"mosquitto-{self.port}.conf"
        lines = [f"listener {self.port} 127.0.0.1", *settings]
        if keeps:
            lines += ["persistence true", f"persistence_location {folder}/"]
        if not any(line.startswith("allow_anonymous") for line in lines):
            lines.append("allow_anonymous true")
        if os.geteuid() == 0:
            # It would become a user who may not read the test's folder.
            lines.append("user root")
        self._file.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it takes connections."""
        self._process = subprocess.Popen(
            [program("mosquitto"), "-c", self._file],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, "the broker did not start"
                assert time.monotonic() < until, "the broker takes no connections"
                time.sleep(0.02)
            else:
                return

    def shut_down(self) -> None:
        """As its service does it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    def stop(self) -> None:
        """At once, as a power cut does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Mosquitto:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Heard(NamedTuple):
    """One message of the broker."""

    topic: str
    payload: bytes
    retained: bool

    @property
    def content(self) -> Any:
        """What its JSON means."""
        return json.loads(self.payload)


class Listener:
    """A client of the broker that hears everything: Home Assistant's place."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client
        self.heard: list[Heard] = []

    async def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Say something to the broker."""
        await self._client.publish(topic, payload, qos=1, retain=retain)

    def of(self, part: str) -> list[Heard]:
        """What was heard of topics that end so."""
        return [each for each in self.heard if each.topic.endswith(part)]

    def last(self, part: str) -> Heard | None:
        """The newest of these."""
        return next(reversed(self.of(part)), None)

    async def until(self, true: Callable[[], object], seconds: float = 15) -> None:
        """Far longer than anything here takes: a busy machine may stand still for seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            told = [(each.topic, each.payload[:200]) for each in self.heard]
            raise AssertionError(f"it did not come; so far: {told}") from error

    async def listen(self) -> None:
        """For ever."""
        async for message in self._client.messages:
            assert isinstance(message.payload, bytes)
            self.heard.append(Heard(str(message.topic), message.payload, message.retain))


@contextlib.asynccontextmanager
async def listening(
    port: int,
    user: str | None = None,
    password: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Listener]:
    """Somebody who has subscribed to everything."""
    async with aiomqtt.Client(
        "127.0.0.1", port, username=user, password=password, tls_context=tls
    ) as client:
        await client.subscribe("#", qos=1)
        listener = Listener(client)
        task = asyncio.create_task(listener.listen())
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
