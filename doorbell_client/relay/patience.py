"""How long a camera may take for what, so that none holds its connection for ever."""

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Patience(NamedTuple):
    """Seconds, and bytes."""

    head: float = 10.0
    """For the first byte of a connection, and for all of a request's head after its first byte."""
    idle: float = 60.0
    """Between two requests of one connection."""
    pace: float = 30.0
    """After so many seconds of waiting for a body ..."""
    least: int = 2_000
    """... so many bytes must have come: an 8 Kbit/s stream is ten times as fast."""
    answer: float = 10.0
    """For an answer to be taken."""
    linger: float = 30.0
    """A camera that is refused while it sends is listened to for so long, to hear why ..."""
    silence: float = 5.0
    """... unless it falls silent for so long."""
    drained: int = 1024 * 1024
    """A refused body of no more than this is read, so that the connection can go on."""


class TooSlow(Exception):
    """The camera takes too long."""


async def within(seconds: float, waiting: Awaitable[T]) -> T:
    """What comes before so many seconds are over. Raises TooSlow."""
    try:
        async with asyncio.timeout(seconds):
            return await waiting
    except TimeoutError:
        raise TooSlow from None


class Pace:
    """Holds a body to its least pace. Only the time counts in which we wait, not what we take."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._count = 0
        self._waited = 0.0

    async def next(self, waiting: Awaitable[T]) -> T:
        """The next of the body. Raises TooSlow."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        piece = await within(self._patience.pace - self._waited, waiting)
        self._waited += loop.time() - began
        return piece

    def got(self, count: int) -> None:
        """So many bytes came."""
        self._count += count
        if self._count >= self._patience.least:
            self._count, self._waited = 0, 0.0
