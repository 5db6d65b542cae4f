"""A whole door whose parts are on the screen.

Behaviour, session and upload are those of `doorbell run`; lights, bells, keypad and strike are on
the screen, and the camera takes pictures from a folder. Presses that could not be delivered are
forgotten at the end: this door is a toy, its stack is not.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from doorbell_client.config.credentials import Credentials
from doorbell_client.door.controller import Controller, Timeouts
from doorbell_client.door.events import Event
from doorbell_client.door.keypad_entry import DIGITS, FORGOTTEN_AFTER
from doorbell_client.door.parts import Key, Notify, Parts, Photo, Press
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.hardware.absent import NoCamera, NoSource
from doorbell_client.hardware.camera_worker import CameraWorker
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import OPENED_FILE, Spool
from doorbell_client.terminal.simulated_parts import (
    ScreenCamera,
    ScreenChime,
    ScreenGong,
    ScreenKeyboard,
    ScreenLamps,
    ScreenStrike,
)
from doorbell_client.terminal.view import View, thumbnail
from doorbell_client.terminal.words import describe_at_door

_RING: Final = frozenset(" \r\n")
_KEYS: Final = frozenset("0123456789*#")
_QUIT: Final = frozenset("qQ\x04")


class Simulation:
    """The door behind the screen: what is pressed goes in, `view` is what is to be seen."""

    def __init__(
        self,
        credentials: Credentials,
        camera: StillsCamera | NoCamera,
        folder: Path,
        *,
        sound: Callable[[], None] = lambda: None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
    ) -> None:
        """`folder` is for presses on their way; `sound` makes the terminal ring."""
        self.view = View()
        self.quit = asyncio.Event()
        self._stills = camera
        self._spool = Spool(folder)
        self._spool.open()
        self._notify: Notify = lambda notice: None
        self._show_upcoming()
        self.controller = Controller(
            self._door(sound), lambda: credentials, self._spool,
            ReplayGuard([folder / OPENED_FILE]), timeouts=timeouts, watch=self._watch,
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
            self.view.picture = None
            self._show_upcoming()

    def add_line(self, words: str) -> None:
        """One more line of what happens."""
        self.view.add_event(f"{time.strftime('%H:%M:%S')}  {words}")

    def tick(self, now: float) -> None:
        """Digits are forgotten when the keypad forgets them."""
        if now - self.view.key_at >= FORGOTTEN_AFTER:
            self.view.typed = ""

    def _door(self, sound: Callable[[], None]) -> Parts:
        view = self.view
        return Parts(
            button=NoSource(),
            keypad=ScreenKeyboard(self._listen),
            lights=ScreenLamps(view),
            chime=ScreenChime(view, sound),
            gong=ScreenGong(view),
            strike=ScreenStrike(view),
            camera=ScreenCamera(self._camera(), self._show),
        )

    def _camera(self) -> CameraWorker | NoCamera:
        stills = self._stills
        return CameraWorker(lambda: stills) if isinstance(stills, StillsCamera) else stills

    def _listen(self, notify: Notify) -> None:
        self._notify = notify

    def _watch(self, event: Event) -> None:
        if isinstance(event, Line):
            self.view.line = event
        if words := describe_at_door(event):
            self.add_line(words)

    def _typed(self, char: str) -> None:
        view = self.view
        now = time.monotonic()
        self.tick(now)
        view.key, view.key_at = char, now
        view.typed = "" if char in "*#" else (view.typed + char)[:DIGITS]

    def _show(self, photo: Photo) -> None:
        self.view.picture = thumbnail(photo.jpeg, photo.name)
        self._show_upcoming()

    def _show_upcoming(self) -> None:
        if isinstance(self._stills, StillsCamera):
            self.view.upcoming = self._stills.upcoming.name
