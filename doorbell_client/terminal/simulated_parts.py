"""The parts of the door on the screen: each changes the `View` that `panel.py` draws."""

import time
from collections.abc import Callable
from typing import NamedTuple

from doorbell_client.door import parts
from doorbell_client.door.parts import Mood, Notify, Photo, Shape
from doorbell_client.terminal.view import View


class ScreenKeyboard(NamedTuple):
    """The keys of this terminal's keyboard."""

    listen: Callable[[Notify], None]

    def start(self, notify: Notify) -> None:
        """Tell the keys to `notify`."""
        self.listen(notify)

    def close(self) -> None:
        """Shown as it is at rest."""
        self.listen(lambda notice: None)


class ScreenLamps(NamedTuple):
    """The two lights."""

    view: View

    def show(self, mood: Mood) -> None:
        """Show this mood from now on."""
        self.view.mood, self.view.mood_since = mood, time.monotonic()

    def close(self) -> None:
        """Shown as it is at rest."""
        self.view.mood = Mood.OFF


class ScreenChime(NamedTuple):
    """The chime outside: seen, and heard as the terminal's beep."""

    view: View
    sound: Callable[[], None]

    def ring(self) -> None:
        """Shown as sounding."""
        self.view.chime_at = time.monotonic()
        self.sound()

    def beep(self) -> None:
        """A key is seen; a terminal's only voice is kept for the bell."""

    def close(self) -> None:
        """Shown as it is at rest."""
        self.view.chime_at = float("-inf")


class ScreenGong(NamedTuple):
    """The gong inside."""

    view: View

    def ring(self) -> None:
        """Shown as sounding."""
        self.view.gong_at = time.monotonic()

    def beep(self) -> None:
        """A gong has no voice for a key."""

    def close(self) -> None:
        """Shown as it is at rest."""
        self.view.gong_at = float("-inf")


class ScreenStrike(NamedTuple):
    """The strike."""

    view: View

    def energise(self, seconds: float) -> None:
        """Shown as open for so many seconds; the later end counts."""
        self.view.open_until = max(self.view.open_until, time.monotonic() + seconds)

    def close(self) -> None:
        """Shown as it is at rest."""
        self.view.open_until = float("-inf")


class ScreenCamera(NamedTuple):
    """The camera; what it takes is shown."""

    camera: parts.Camera
    show: Callable[[Photo], None]

    def start(self) -> None:
        """Begin to open the camera."""
        self.camera.start()

    async def capture(self) -> Photo:
        """Take a picture and show it. Raises CameraError."""
        photo = await self.camera.capture()
        self.show(photo)
        return photo

    async def frame(self, shape: Shape) -> bytes:
        """Take a frame of a film, which is not shown. Raises CameraError."""
        return await self.camera.frame(shape)

    def close(self) -> None:
        """Shown as it is at rest."""
        self.camera.close()
