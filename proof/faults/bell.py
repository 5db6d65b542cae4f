"""The other program of a phone: what `doorbell chime` runs in a terminal, its bell and its link.

It rings for a visitor, shows a code and says `got`. Its keyboard is this proof's: a resident's
answer goes out over the same link.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from doorbell.protocol import Answer, Code, Declined, DoorOpened, Message, Missed, Visitor
from doorbell_client.commands.chime import IndoorBell
from doorbell_client.config.credentials import Credentials
from doorbell_client.link.phone import PhoneLine

if TYPE_CHECKING:
    from collections.abc import Callable


class BellPhone:
    """A phone as `phone.Phone` is one, without a browser."""

    def __init__(self, url: str, token: str) -> None:
        self.rang: list[float] = []
        self.code = ""
        self.codes: list[float] = []
        self.on: Callable[[str], None] = lambda _: None
        self.busy: set[asyncio.Task[None]] = set()
        self._credentials = Credentials(url, token)
        self._waits = ""
        """The ring that can be answered."""
        self._shown = ""
        """The ring whose code is shown."""
        self._running: asyncio.Task[None] | None = None
        self._line: PhoneLine
        self._bell = IndoorBell(self, lambda _: None, shows_codes=True)

    @property
    def asked(self) -> bool:
        """Whether somebody can be let in."""
        return bool(self._waits)

    @property
    def is_away(self) -> bool:
        """Whether the program does not run."""
        return self._running is None

    async def come_back(self) -> None:
        """Begin; the line comes up by itself."""
        up = asyncio.Event()
        self._line = PhoneLine(self._credentials, self._hear, lambda _: up.set())
        self._running = asyncio.create_task(self._line.run())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(up.wait(), 30)

    async def leave(self) -> None:
        """End."""
        running, self._running = self._running, None
        self._waits = self.code = ""
        if running:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def reload(self) -> None:
        """Killed, and begun again."""
        await self.leave()
        await self.come_back()

    async def let_in(self) -> bool:
        """Answer so; whether there was a line."""
        return self._line.send(Answer(self._waits, "let_in")) if self._waits else False

    async def decline(self) -> bool:
        """Answer so; whether there was a line."""
        return self._line.send(Answer(self._waits, "decline")) if self._waits else False

    async def at_rest(self) -> None:
        """For the next visitor: it listens, and nobody waits."""
        await asyncio.gather(*self.busy, return_exceptions=True)
        self._waits = self.code = ""
        if self.is_away:
            await self.come_back()

    def _hear(self, message: Message) -> None:
        if answer := self._bell.hear(message):
            self._line.send(answer)
        match message:
            case Visitor(ring):
                self._waits = ring
                self.on("asked")
            case Code(ring, code):
                self._shown, self.code = ring, code
                self.codes.append(time.monotonic())
                self.on("code")
            case DoorOpened(str() as ring) | Declined(ring) | Missed(ring):
                self._waits = "" if ring == self._waits else self._waits
                self.code = "" if ring == self._shown else self.code

    # --- what it rings ------------------------------------------------------------------------

    def ring(self) -> None:
        """It is heard."""
        self.rang.append(time.monotonic())
        self.on("rang")

    def beep(self) -> None:
        """Nothing to hear."""

    def close(self) -> None:
        """Nothing to let go of."""
