"""A screen: keys in, a picture twelve times a second out.

A terminal that cannot be drawn on (TERM=dumb, or none) gets the same in lines.
"""

import asyncio
import contextlib
import io
import logging
import os
import re
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple, Protocol

from rich.console import Console, RenderableType
from rich.live import Live

from doorbell_client.config.credentials import Credentials
from doorbell_client.hardware.absent import NoCamera
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.panel import draw
from doorbell_client.terminal.plain import PlainDoor
from doorbell_client.terminal.simulation import Simulation
from doorbell_client.terminal.view import View

FRAMES_PER_SECOND: Final = 12

_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?")
"""Arrows and function keys, which mean nothing here."""


class Shown(Protocol):
    """What is behind a screen."""

    @property
    def view(self) -> View:
        """What is to be seen."""

    @property
    def quit(self) -> asyncio.Event:
        """Set when it is to end."""

    async def run(self) -> None:
        """Until `quit` is set."""

    def key(self, char: str) -> None:
        """Somebody pressed this key of the keyboard."""

    def add_line(self, words: str) -> None:
        """One more line of what happens."""

    def tick(self, now: float) -> None:
        """Time has passed; seconds of `time.monotonic()`."""


class Look(NamedTuple):
    """How it is drawn, and how it is told in lines."""

    draw: Callable[[View, float, Canvas], RenderableType]
    lines: Callable[[View, IO[str]], Callable[[float], None]]


DOOR: Final = Look(draw, lambda view, out: PlainDoor(view, out).update)


async def show(
    credentials: Credentials, camera: StillsCamera | NoCamera, folder: str, keys: int
) -> None:
    """Be the door on this screen until it is asked to quit. `keys` is a terminal in raw mode."""
    console = Console()
    simulation = Simulation(credentials, camera, Path(folder), sound=console.bell)
    await show_on(console, simulation, DOOR, keys)


async def show_on(console: Console, shown: Shown, look: Look, keys: int) -> None:
    """Draw until it ends. `keys` is a terminal in raw mode."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name from the cloud may hold characters that this terminal does not have.
        sys.stdout.reconfigure(errors="replace")
    loop = asyncio.get_running_loop()
    loop.add_reader(keys, _read_keys, keys, shown)
    try:
        with _log_on_screen(shown):
            await _draw_while_running(console, shown, look)
    finally:
        loop.remove_reader(keys)


async def _draw_while_running(console: Console, shown: Shown, look: Look) -> None:
    with contextlib.ExitStack() as stack:
        if console.is_dumb_terminal or not os.environ.get("TERM"):
            update = look.lines(shown.view, console.file)
        else:
            live = stack.enter_context(Live(console=console, screen=True, auto_refresh=False))

            def update(now: float) -> None:
                live.update(look.draw(shown.view, now, Canvas.of(console)), refresh=True)

        drawing = asyncio.create_task(_keep_drawing(shown, update))
        try:
            await shown.run()
        finally:
            drawing.cancel()
            await asyncio.gather(drawing, return_exceptions=True)


@contextlib.contextmanager
def raw_keys(terminal: int) -> Iterator[int]:
    """Keys come one by one and unseen; afterwards the terminal is as it was, whatever happens.

    Ctrl-Z is off meanwhile: a stopped program could not give the terminal back.
    """
    before = termios.tcgetattr(terminal)
    stop = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        tty.setcbreak(terminal)
        yield terminal
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
        signal.signal(signal.SIGTSTP, stop)


async def _keep_drawing(shown: Shown, update: Callable[[float], None]) -> None:
    while True:
        now = time.monotonic()
        shown.tick(now)
        update(now)
        await asyncio.sleep(1 / FRAMES_PER_SECOND)


def _read_keys(terminal: int, shown: Shown) -> None:
    try:
        typed = os.read(terminal, 64).decode(errors="ignore")
    except OSError:
        typed = ""
    if not typed:
        shown.quit.set()  # the terminal is gone
    for char in _ESCAPES.sub("", typed):
        shown.key(char)


class _LogOnScreen(logging.Handler):
    """Warnings become lines of the events: elsewhere they would spoil the screen."""

    def __init__(self, shown: Shown) -> None:
        super().__init__(logging.WARNING)
        self._shown = shown

    def emit(self, record: logging.LogRecord) -> None:
        self._shown.add_line(record.getMessage().splitlines()[0])


@contextlib.contextmanager
def _log_on_screen(shown: Shown) -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers[:] = [_LogOnScreen(shown)]
    try:
        yield
    finally:
        root.handlers[:] = before
