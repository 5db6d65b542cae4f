"""The screen of the terminal door: keys in, a picture twelve times a second out.

A terminal that cannot be drawn on (TERM=dumb, or none) gets the same door in lines.
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
from typing import Final

from rich.console import Console
from rich.live import Live

from doorbell_client.config.credentials import Credentials
from doorbell_client.hardware.absent import NoCamera
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.panel import draw
from doorbell_client.terminal.plain import PlainDoor
from doorbell_client.terminal.simulation import Simulation

FRAMES_PER_SECOND: Final = 12

_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?")
"""Arrows and function keys, which mean nothing here."""


async def show(
    credentials: Credentials, camera: StillsCamera | NoCamera, folder: str, keys: int
) -> None:
    """Be the door on this screen until it is asked to quit. `keys` is a terminal in raw mode."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name from the cloud may hold characters that this terminal does not have.
        sys.stdout.reconfigure(errors="replace")
    console = Console()
    simulation = Simulation(credentials, camera, Path(folder), sound=console.bell)
    loop = asyncio.get_running_loop()
    loop.add_reader(keys, _read_keys, keys, simulation)
    try:
        with _log_on_screen(simulation):
            await _draw_while_running(simulation, console)
    finally:
        loop.remove_reader(keys)


async def _draw_while_running(simulation: Simulation, console: Console) -> None:
    with contextlib.ExitStack() as stack:
        if console.is_dumb_terminal or not os.environ.get("TERM"):
            update = PlainDoor(simulation.view, console.file).update
        else:
            live = stack.enter_context(Live(console=console, screen=True, auto_refresh=False))

            def update(now: float) -> None:
                drawn = draw(simulation.view, now, Canvas.of(console))
                live.update(drawn, refresh=True)

        drawing = asyncio.create_task(_keep_drawing(simulation, update))
        try:
            await simulation.run()
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


async def _keep_drawing(simulation: Simulation, update: Callable[[float], None]) -> None:
    while True:
        now = time.monotonic()
        simulation.tick(now)
        update(now)
        await asyncio.sleep(1 / FRAMES_PER_SECOND)


def _read_keys(terminal: int, simulation: Simulation) -> None:
    try:
        typed = os.read(terminal, 64).decode(errors="ignore")
    except OSError:
        typed = ""
    if not typed:
        simulation.quit.set()  # the terminal is gone
    for char in _ESCAPES.sub("", typed):
        simulation.key(char)


class _LogOnScreen(logging.Handler):
    """Warnings become lines of the events: elsewhere they would spoil the screen."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(logging.WARNING)
        self._simulation = simulation

    def emit(self, record: logging.LogRecord) -> None:
        self._simulation.add_line(record.getMessage().splitlines()[0])


@contextlib.contextmanager
def _log_on_screen(simulation: Simulation) -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers[:] = [_LogOnScreen(simulation)]
    try:
        yield
    finally:
        root.handlers[:] = before
