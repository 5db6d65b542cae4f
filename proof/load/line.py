"""Hundreds of devices in one thread: `demo.device` has a thread for each."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from doorbell.errors import MessageError
from doorbell.protocol import Code, Got, read_message, request_frame

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from websockets.asyncio.client import ClientConnection

    from doorbell.protocol import Request
    from proof.load.heard import Hearing
    from proof.load.town import Device

AT_ONCE: Final = 16
"""Handshakes: each starts two functions."""
PATIENCE: Final = 60.0


class Lines:
    """The open sockets of all devices."""

    def __init__(self, url: str, hearing: Hearing) -> None:
        self._url = url
        self._hearing = hearing
        self._sockets: dict[Device, ClientConnection] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    def __len__(self) -> int:
        return len(self._sockets)

    async def send(self, device: Device, request: Request) -> None:
        """Send a frame; a socket that is closed swallows it, and the ring is judged by that."""
        with contextlib.suppress(ConnectionClosed):
            await self._sockets[device].send(request_frame(request))

    async def connect(self, device: Device, token: str) -> None:
        """Connect, and listen from now on."""
        async with self._turns:
            self._sockets[device] = await connect(
                self._url,
                additional_headers={"Authorization": f"Bearer {token}"},
                open_timeout=PATIENCE,
                # A stack that is busy for long shall be late, not lose its devices.
                ping_interval=None,
                close_timeout=1,
                proxy=None,
            )

    async def listen(self, device: Device) -> None:
        """Note what it is told; a phone says at once that its code has arrived."""
        with contextlib.suppress(ConnectionClosed):
            async for frame in self._sockets[device]:
                with contextlib.suppress(MessageError):
                    message = read_message(str(frame))
                    self._hearing.note(device, message)
                    if isinstance(message, Code) and device.role == "phone":
                        await self.send(device, Got(message.ring))


@contextlib.asynccontextmanager
async def connected(
    url: str, tokens: Mapping[Device, str], hearing: Hearing
) -> AsyncIterator[Lines]:
    """All of them, connected while entered."""
    lines = Lines(url, hearing)
    await asyncio.gather(*(lines.connect(*each) for each in tokens.items()))
    listening = [asyncio.create_task(lines.listen(device)) for device in tokens]
    try:
        yield lines
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
