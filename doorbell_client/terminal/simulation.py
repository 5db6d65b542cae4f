"""`doorbell simulate`: a whole door in a terminal, for a house that is real.

Behaviour, session and upload are those of `doorbell run`; lights, bells, keypad and strike are on
the screen, and the camera takes pictures from a folder. Presses that could not be delivered are
forgotten at the end: this door is a toy, its house is not.
"""

import asyncio
import contextlib
import logging
import os
import re
import signal
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.live import Live

from doorbell_client.config.credentials import Credentials
from doorbell_client.config.profile import Profile
from doorbell_client.door import parts
from doorbell_client.door.controller import Controller, Event, Timeouts
from doorbell_client.door.keypad_entry import DIGITS, FORGOTTEN_AFTER
from doorbell_client.door.parts import Key, Mood, Notify, Parts, Photo, Press
from doorbell_client.door.replay_guard import LEDGER, ReplayGuard
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware.absent import NoCamera, NoSource
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import Spool
from doorbell_client.signals import until_stopped
from doorbell_client.terminal.panel import Look, draw, small
from doorbell_client.terminal.words import told_at_door

FRAMES_PER_SECOND: Final = 12

PICTURE: Final = Path("me.jpeg")
"""Whoever tries `make up` has this in the folder: its instructions say so."""

_RING: Final = frozenset(" \r\n")
_KEYS: Final = frozenset("0123456789*#")
_QUIT: Final = frozenset("qQ\x04")

_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?")
"""Arrows and function keys, which mean nothing here."""


def main(profile: Profile, photos: Path | None) -> int:
    """Be a door in this terminal until `q`. Returns 0.

    Raises ConfigError without a terminal, a house, or pictures where `photos` says.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError("There is no terminal here to simulate a door in; see `doorbell ring`.")
    camera = find_camera(profile, photos)
    with raw_keys(sys.stdin.fileno()) as keys, tempfile.TemporaryDirectory() as folder:
        asyncio.run(until_stopped(_on_screen(profile.credentials("door"), camera, folder, keys)))
    return 0


def find_camera(profile: Profile, photos: Path | None) -> "StillsCamera | NoCamera":
    """The pictures that were named, else the configured ones, else `me.jpeg`, else none.

    Raises CameraError if there are none where `photos` says.
    """
    if photos is not None:
        return StillsCamera(photos)
    for path in (profile.config.camera.folder, PICTURE):
        with contextlib.suppress(CameraError):
            return StillsCamera(path)
    return NoCamera()


class Simulation:
    """The door behind the screen: what is pressed goes in, `look` is what is to be seen."""

    def __init__(
        self,
        credentials: Credentials,
        camera: "StillsCamera | NoCamera",
        folder: Path,
        *,
        sound: Callable[[], None] = lambda: None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
    ) -> None:
        """`folder` is for presses on their way; `sound` makes the terminal ring."""
        self.look = Look()
        self.quit = asyncio.Event()
        self._stills = camera
        self._spool = Spool(folder)
        self._spool.open()
        self._notify: Notify = lambda notice: None
        self._show_upcoming()
        self.controller = Controller(
            self._door(sound), credentials, self._spool, ReplayGuard(folder / LEDGER),
            timeouts=timeouts, watch=self._watch,
        )  # fmt: skip

    async def run(self) -> None:
        """Until `quit` is set, or cancelled."""
        alive = asyncio.create_task(self.controller.run())
        stop = asyncio.create_task(self.quit.wait())
        try:
            await asyncio.wait((alive, stop), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (alive, stop):
                task.cancel()
            await asyncio.gather(alive, stop, return_exceptions=True)
            self._spool.close()

    def key(self, char: str) -> None:
        """Somebody pressed this key of the keyboard."""
        if char in _QUIT:
            self.quit.set()
        elif char in _RING:
            self._notify(Press(time.monotonic()))
        elif char in _KEYS:
            self._typed(char)
            self._notify(Key(char))
        elif char in "nN" and isinstance(self._stills, StillsCamera):
            self._stills.skip()
            self.look.picture = None
            self._show_upcoming()

    def tell(self, words: str) -> None:
        """One more line of the story."""
        self.look.story.append(f"{time.strftime('%H:%M:%S')}  {words}")

    def tick(self, now: float) -> None:
        """Digits are forgotten when the keypad forgets them."""
        if now - self.look.key_at >= FORGOTTEN_AFTER:
            self.look.typed = ""

    def _door(self, sound: Callable[[], None]) -> Parts:
        look = self.look
        return Parts(
            button=NoSource(),
            keypad=_Keyboard(self._listen),
            lights=_Lamps(look),
            chime=_Chime(look, sound),
            gong=_Gong(look),
            strike=_Strike(look),
            camera=_Camera(self._stills, self._show),
        )

    def _listen(self, notify: Notify) -> None:
        self._notify = notify

    def _watch(self, event: Event) -> None:
        if isinstance(event, Line):
            self.look.line = event
        if words := told_at_door(event):
            self.tell(words)

    def _typed(self, char: str) -> None:
        look = self.look
        now = time.monotonic()
        self.tick(now)
        look.key, look.key_at = char, now
        look.typed = "" if char in "*#" else (look.typed + char)[:DIGITS]

    def _show(self, photo: Photo) -> None:
        self.look.picture = small(photo.jpeg, photo.name)
        self._show_upcoming()

    def _show_upcoming(self) -> None:
        if isinstance(self._stills, StillsCamera):
            self.look.upcoming = self._stills.upcoming.name


# --- the parts ------------------------------------------------------------------------------


class _Keyboard(NamedTuple):
    listen: Callable[[Notify], None]

    def start(self, notify: Notify) -> None:
        self.listen(notify)

    def close(self) -> None:
        self.listen(lambda notice: None)


class _Lamps(NamedTuple):
    look: Look

    def show(self, mood: Mood) -> None:
        self.look.mood, self.look.mood_since = mood, time.monotonic()

    def close(self) -> None:
        self.look.mood = Mood.OFF


class _Chime(NamedTuple):
    look: Look
    sound: Callable[[], None]

    def ring(self) -> None:
        self.look.chime_at = time.monotonic()
        self.sound()

    def beep(self) -> None:
        """A key is seen; a terminal's only voice is kept for the bell."""

    def close(self) -> None:
        self.look.chime_at = float("-inf")


class _Gong(NamedTuple):
    look: Look

    def ring(self) -> None:
        self.look.gong_at = time.monotonic()

    def beep(self) -> None:
        """A gong has no voice for a key."""

    def close(self) -> None:
        self.look.gong_at = float("-inf")


class _Strike(NamedTuple):
    look: Look

    def energise(self, seconds: float) -> None:
        self.look.open_until = max(self.look.open_until, time.monotonic() + seconds)

    def close(self) -> None:
        self.look.open_until = float("-inf")


class _Camera(NamedTuple):
    camera: parts.Camera
    show: Callable[[Photo], None]

    async def capture(self) -> Photo:
        photo = await self.camera.capture()
        self.show(photo)
        return photo

    def close(self) -> None:
        self.camera.close()


# --- the terminal ---------------------------------------------------------------------------


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


async def _on_screen(
    credentials: Credentials, camera: "StillsCamera | NoCamera", folder: str, keys: int
) -> None:
    console = Console()
    simulation = Simulation(credentials, camera, Path(folder), sound=console.bell)
    loop = asyncio.get_running_loop()
    loop.add_reader(keys, _read_keys, keys, simulation)
    with _log_told(simulation), Live(console=console, screen=True, auto_refresh=False) as live:
        drawing = asyncio.create_task(_keep_drawing(simulation, live))
        try:
            await simulation.run()
        finally:
            loop.remove_reader(keys)
            drawing.cancel()
            await asyncio.gather(drawing, return_exceptions=True)


async def _keep_drawing(simulation: Simulation, live: Live) -> None:
    while True:
        now = time.monotonic()
        simulation.tick(now)
        live.update(draw(simulation.look, now), refresh=True)
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


class _Told(logging.Handler):
    """Warnings become lines of the story: on the screen's other lines they would make a mess."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(logging.WARNING)
        self._simulation = simulation

    def emit(self, record: logging.LogRecord) -> None:
        self._simulation.tell(record.getMessage().splitlines()[0])


@contextlib.contextmanager
def _log_told(simulation: Simulation) -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers[:] = [_Told(simulation)]
    try:
        yield
    finally:
        root.handlers[:] = before
