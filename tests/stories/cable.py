"""A cable between a door and the stack that can be pulled at any byte.

Everything of the door goes through it, the photo's upload too: the stack's own address is put in
place of the cable's in what goes up (the Host that S3 signs), and the cable's in what comes down
(the ticket's URL). Both have the same length, and the door asks for no compression.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from typing import TYPE_CHECKING

from proof.faults.frames import Frames

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

CHUNK = 16 * 1024
STEPS = (
    "the ring is not sent",
    "the ring is sent",
    "the ticket is lost",
    "the ticket is there",
    "amid the upload",
    "the upload's answer is lost",
    "the decision is lost",
)


class Cable:
    """Forwards `port` to `to`; at one step it is pulled, and for `outage` seconds it is dead."""

    def __init__(self, to: int, step: str, outage: float) -> None:
        self.pulled = False
        self._to = to
        self._step = step
        self._outage = outage
        self._dead = False
        self._uploaded = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = _free_port_as_long_as(to)
        self._here, self._there = (f"127.0.0.1:{port}".encode() for port in (self.port, to))

    @contextlib.asynccontextmanager
    async def plugged(self) -> AsyncIterator[Cable]:
        """Forward while entered."""
        server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            self._hang_up()

    async def _forward(self, down: asyncio.StreamReader, up: asyncio.StreamWriter) -> None:
        self._writers.add(up)
        if self._dead:
            up.close()
            return
        reader, writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers.add(writer)
        going_up = functools.partial(self._going_up, Frames())
        with contextlib.suppress(asyncio.CancelledError):  # the loop ends while it forwards
            await asyncio.gather(
                self._pump(down, writer, going_up, self._here, self._there),
                self._pump(reader, up, self._coming_down, self._there, self._here),
            )
        for end in (up, writer):
            end.close()
            self._writers.discard(end)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        passes: Callable[[bytes], bool],
        seen: bytes,
        meant: bytes,
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if not passes(chunk):
                    self._pull()
                    return
                writer.write(chunk.replace(seen, meant))
                await writer.drain()
            writer.close()

    def _going_up(self, frames: Frames, chunk: bytes) -> bool:
        if self.pulled:
            return True
        if chunk.startswith(b"PUT "):
            self._uploaded = 1
            return self._step != "the ticket is there"
        if self._uploaded:
            self._uploaded += len(chunk)
            return not (self._step == "amid the upload" and self._uploaded > 40_000)
        if chunk.startswith(b"GET "):  # the handshake, which ends with its chunk
            return True
        # All of them are read: hello and ring often come in one chunk.
        if any(each.content.startswith(b'{"action":"ring"') for each in frames.read(chunk)):
            if self._step == "the ring is sent":
                # This chunk still goes through.
                asyncio.get_running_loop().call_later(0.01, self._pull)
            return self._step != "the ring is not sent"
        return True

    def _coming_down(self, chunk: bytes) -> bool:
        if self.pulled:
            return True
        lost = {
            "the ticket is lost": b'"type":"ticket"',
            "the upload's answer is lost": b"HTTP/1.1 200",
            "the decision is lost": b'"type":"ring_through"',
        }.get(self._step)
        return lost is None or lost not in chunk

    def _pull(self) -> None:
        if self.pulled:
            return
        self.pulled = self._dead = True
        self._hang_up()
        asyncio.get_running_loop().call_later(self._outage, self._plug_in)

    def _plug_in(self) -> None:
        self._dead = False

    def _hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


def _free_port_as_long_as(other: int) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if len(str(port)) == len(str(other)):
            return port
