"""`doorbell ring`: one press with a picture file, told in plain lines, with an exit status."""

import asyncio
import contextlib
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from doorbell.protocol import Declined, Error, NoAnswer, Refused, RingThrough, Welcome
from doorbell.protocol.words import REFUSALS
from doorbell_client.config.credentials import Credentials
from doorbell_client.door.behaviour import Acknowledge
from doorbell_client.door.controller import Controller, Delivered, Event, Timeouts
from doorbell_client.door.parts import Key, Press
from doorbell_client.door.replay_guard import LEDGER, ReplayGuard
from doorbell_client.errors import LineError
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import Spool
from doorbell_client.terminal.lines import (
    FileCamera,
    Lines,
    TypedLines,
    keys_of,
    terminal_door,
)
from doorbell_client.terminal.words import told_at_door

CONNECT_SECONDS = 15.0
"""So long for the line to come up."""


class Outcome(NamedTuple):
    """How a ring ended: an exit status, and a sentence where there is more to say."""

    status: int
    sentence: str = ""


class RingStory:
    """Follows one ring to its end. Told of every event; `outcome` is set once it is over."""

    def __init__(self, *, code: str | None, can_type: bool) -> None:
        """`code` will be typed for the visitor; `can_type`: somebody may type one."""
        self._code = code
        self._can_type = can_type
        self._decided = False
        self.delivered = False
        self.outcome: Outcome | None = None

    def hear(self, event: Event) -> bool:
        """One more event; whether it is now the moment to type the code that was given."""
        match event:
            case Delivered():
                self.delivered = True
            case Line.REFUSED:
                self._end(1, "The cloud does not let this device in: wrong or revoked token.")
            case Error(error="not_allowed"):
                self._end(1, f"The house refuses: {event.message} The token must be a door's.")
            case Acknowledge():
                self._end(0)
            case Declined() | NoAnswer():
                self._end(0)
            case Refused() if self._code is not None:
                self._end(1, f"The door stays shut: {REFUSALS[event.reason]}.")
            case Welcome() | RingThrough():
                return self._decision(isinstance(event, Welcome))
        return False

    def _decision(self, welcome: bool) -> bool:
        first, self._decided = not self._decided, True
        if self._code is not None:
            return first
        if welcome and not self._can_type:
            self._end(0, "Nobody can type the code here; give it with --code.")
        return False

    def _end(self, status: int, sentence: str = "") -> None:
        self.outcome = self.outcome or Outcome(status, sentence)


class RingOrder(NamedTuple):
    """What `doorbell ring` was asked for."""

    photo: Path
    code: str | None = None
    wait: float = 100.0
    """Seconds after which it ends, whatever has happened."""


async def ring(
    credentials: Credentials,
    order: RingOrder,
    *,
    lines: Lines | None = None,
    typed: TypedLines | None = None,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
) -> Outcome:
    """Ring once and see it through.

    `typed` are codes that somebody types; None: nobody does. Raises CameraError, LineError.
    """
    keypad = typed or TypedLines((), button=False)
    hardware = terminal_door(FileCamera(order.photo), keypad)
    visit = _Visit(order, lines or Lines(), can_type=typed is not None)
    with tempfile.TemporaryDirectory(prefix="doorbell-") as folder:
        spool = Spool(Path(folder))
        spool.open()
        try:
            replay_guard = ReplayGuard(Path(folder) / LEDGER)
            controller = Controller(
                hardware, credentials, spool, replay_guard, timeouts=timeouts, watch=visit.watch
            )
            return await visit.see_through(controller)
        finally:
            spool.close()


class _Visit:
    """One run of `ring`."""

    def __init__(self, order: RingOrder, lines: Lines, *, can_type: bool) -> None:
        self._order = order
        self._lines = lines
        self._story = RingStory(code=order.code, can_type=can_type)
        self._up = asyncio.Event()
        self._over = asyncio.Event()
        self._keeper: Controller | None = None

    async def see_through(self, controller: Controller) -> Outcome:
        self._keeper = controller
        alive = asyncio.create_task(controller.run())
        alive.add_done_callback(lambda _: self._over.set())
        try:
            await self._connected()
            if self._story.outcome is None:
                controller.notify(Press(time.monotonic()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), self._order.wait)
            # The acknowledgement is still on its way out.
            await asyncio.sleep(0.1)
        finally:
            alive.cancel()
            await asyncio.gather(alive, return_exceptions=True)
        return self._story.outcome or self._timed_out()

    def watch(self, event: Event) -> None:
        """Something happens at the door."""
        self._lines.say(told_at_door(event))
        if event is Line.UP:
            self._up.set()
        if self._story.hear(event):
            self._type(self._order.code or "")
        if self._finished():
            self._over.set()

    async def _connected(self) -> None:
        waits = [asyncio.create_task(event.wait()) for event in (self._up, self._over)]
        try:
            await asyncio.wait(waits, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not self._up.is_set() and self._story.outcome is None:
            raise LineError(f"The cloud cannot be reached within {CONNECT_SECONDS:g} s.")

    def _type(self, code: str) -> None:
        for key in keys_of(code):
            assert self._keeper is not None
            self._keeper.notify(Key(key))

    def _timed_out(self) -> Outcome:
        within = f"within {self._order.wait:g} s"
        if self._story.delivered:
            return Outcome(0, f"The press is delivered; nothing more was heard {within}.")
        return Outcome(1, f"The press could not be delivered {within}.")

    def _finished(self) -> bool:
        """The end of the story, and the photo is up, too; a failure need not wait for it."""
        outcome = self._story.outcome
        return outcome is not None and (outcome.status != 0 or self._story.delivered)
