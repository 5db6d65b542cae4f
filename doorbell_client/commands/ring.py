"""`doorbell ring`: one press with a picture file, told in plain lines, with an exit status."""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from doorbell_client.commands.arguments import Arguments, add_wait, profile_of
from doorbell_client.commands.ring_follower import Outcome, RingFollower
from doorbell_client.config.credentials import Credentials
from doorbell_client.door.controller import Controller, Timeouts
from doorbell_client.door.events import Event
from doorbell_client.door.parts import Key, Press
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.errors import ConfigError, LineError
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import OPENED_FILE, Spool
from doorbell_client.terminal.lines import (
    FileCamera,
    Lines,
    TypedLines,
    keypad_keys,
    terminal_door,
)
from doorbell_client.terminal.words import describe_at_door

CONNECT_SECONDS = 15.0
"""So long for the line to come up."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The picture, and what to type."""
    parser.add_argument("--photo", type=Path, required=True, metavar="FILE", help="a JPEG")
    parser.add_argument("--code", metavar="042137", help="type this once the door asks")
    add_wait(parser, 100)


def run(asked: Arguments) -> int:
    """Ring once; status 0 if the press was delivered and, with a code, the door opened."""
    if asked.code is not None and not (asked.code.isascii() and asked.code.isdigit()):
        raise ConfigError("--code must be digits, such as 042137.")
    credentials = profile_of(asked).credentials("door")
    order = RingOrder(asked.photo, asked.code, asked.wait)
    typed = TypedLines(button=False) if asked.code is None and sys.stdin.isatty() else None
    outcome = asyncio.run(ring(credentials, order, typed=typed))
    if outcome.sentence:
        print(outcome.sentence, file=sys.stderr if outcome.status else sys.stdout)
    return outcome.status


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
            replay_guard = ReplayGuard([Path(folder) / OPENED_FILE])
            controller = Controller(
                hardware,
                lambda: credentials,
                spool,
                replay_guard,
                timeouts=timeouts,
                watch=visit.watch,
            )
            return await visit.see_through(controller)
        finally:
            spool.close()


class _Visit:
    """One run of `ring`."""

    def __init__(self, order: RingOrder, lines: Lines, *, can_type: bool) -> None:
        self._order = order
        self._lines = lines
        self._ring = RingFollower(code=order.code, can_type=can_type)
        self._up = asyncio.Event()
        self._over = asyncio.Event()
        self._controller: Controller | None = None

    async def see_through(self, controller: Controller) -> Outcome:
        self._controller = controller
        alive = asyncio.create_task(controller.run())
        alive.add_done_callback(lambda _: self._over.set())
        try:
            await self._connected()
            if self._ring.outcome is None:
                controller.notify(Press(time.monotonic()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), self._order.wait)
            # The acknowledgement is still on its way out.
            await asyncio.sleep(0.1)
        finally:
            alive.cancel()
            await asyncio.gather(alive, return_exceptions=True)
        return self._ring.outcome or self._timed_out()

    def watch(self, event: Event) -> None:
        """Something happens at the door."""
        self._lines.say(describe_at_door(event))
        if event is Line.UP:
            self._up.set()
        if self._ring.hear(event):
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
        if not self._up.is_set() and self._ring.outcome is None:
            raise LineError(f"The cloud cannot be reached within {CONNECT_SECONDS:g} s.")

    def _type(self, code: str) -> None:
        for key in keypad_keys(code):
            assert self._controller is not None
            self._controller.notify(Key(key))

    def _timed_out(self) -> Outcome:
        within = f"within {self._order.wait:g} s"
        if self._ring.delivered:
            return Outcome(0, f"The press is delivered; nothing more was heard {within}.")
        return Outcome(1, f"The press could not be delivered {within}.")

    def _finished(self) -> bool:
        """The ring is over, photo and film are uploaded; a failure need not wait for them."""
        outcome, controller = self._ring.outcome, self._controller
        filming = controller is not None and controller.filming
        return outcome is not None and (
            outcome.status != 0 or (self._ring.delivered and not filming)
        )
