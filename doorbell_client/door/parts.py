"""What a door is made of: one small seam per thing, so that a laptop can be a door too.

The door knows only these. `hardware/` has them for a Raspberry Pi, `terminal/` for a laptop. No
part blocks the event loop: `ring`, `show`, `beep` and `energise` return at once, and what a part
notices it tells to the function that it was given.
"""

import logging
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias

_log = logging.getLogger(__name__)


class Mood(Enum):
    """What the lights tell a person who stands at the door."""

    READY = "ready"  # status light steady
    FAULT = "fault"  # status light on, dark for a moment now and then: a part does not work
    CAPTURING = "capturing"  # button light strobes
    WAITING = "waiting"  # status light blinks
    WELCOME = "welcome"  # both lights blink slowly: a resident may type the code
    OPEN = "open"  # both lights steady
    ERROR = "error"  # status light solid for two seconds, then slow blinks
    OFFLINE = "offline"  # status light: two short blinks, a pause
    OFF = "off"


class Press(NamedTuple):
    """A finger on the button, at this monotonic time (`time.monotonic()`, seconds)."""

    at: float


class Key(NamedTuple):
    """One key of the keypad: `0`-`9`, `*` or `#`."""

    key: str


Notice: TypeAlias = Press | Key
"""What hardware tells the door."""

Notify: TypeAlias = Callable[[Notice], None]
"""How it tells: safe to call from any thread; never blocks."""


class Photo(NamedTuple):
    """A JPEG that was taken after the press, and a name for a person (a file's name, say)."""

    jpeg: bytes
    name: str


class Shape(NamedTuple):
    """How large a frame of a burst may be, in pixels."""

    width: int
    height: int
    exact: bool = False
    """Cut to exactly this shape; else all of the picture, within it."""


class Source(Protocol):
    """Something that notices: a button, a keypad."""

    def start(self, notify: Notify) -> None:
        """Begin to call `notify`."""

    def close(self) -> None:
        """Let go of the pins."""


class Lights(Protocol):
    """The status light and the light in the button."""

    def show(self, mood: Mood) -> None:
        """Show this mood until told another."""

    def close(self) -> None:
        """Dark, pins free."""


class Bell(Protocol):
    """Something that sounds: the chime outside, the gong inside."""

    def ring(self) -> None:
        """Sound once; a call while it sounds starts it anew."""

    def beep(self) -> None:
        """A short tick for a key; a bell without a voice for it stays silent."""

    def close(self) -> None:
        """Silent, pins free."""


class Strike(Protocol):
    """The door's electric strike. Never energised when made, closed or dropped."""

    def energise(self, seconds: float) -> None:
        """Let the door be pushed open for so many seconds; then release by itself."""

    def close(self) -> None:
        """Released, pins free."""


class Camera(Protocol):
    """A camera that gives pictures of *this* press."""

    def start(self) -> None:
        """Begin to open the camera; returns at once. Called when the button works already."""

    async def capture(self) -> Photo:
        """A JPEG whose exposure began after this call. Raises CameraError."""

    async def frame(self, shape: Shape) -> bytes:
        """A small JPEG of about now, for a film; a press's `capture` goes first.

        Raises CameraError.
        """

    def close(self) -> None:
        """Let go of the camera."""


class Parts(NamedTuple):
    """All parts of one door."""

    button: Source
    keypad: Source
    lights: Lights
    chime: Bell
    gong: Bell
    strike: Strike
    camera: Camera


def close_all(parts: Parts) -> None:
    """Let go of every part. The strike first: whatever else hangs, the door is shut."""
    each(
        *(
            part.close
            for part in (
                parts.strike, parts.button, parts.keypad, parts.chime, parts.gong, parts.camera,
                parts.lights,
            )
        )
    )  # fmt: skip


def each(*actions: Callable[[], None]) -> None:
    """Do every one of them, although one fails."""
    for action in actions:
        try:
            action()
        except Exception:
            _log.exception("a part of the door failed")
