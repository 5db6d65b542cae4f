"""What the terminal door has to show, apart from how it is drawn. No I/O here."""

import io
from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from doorbell_client.door.parts import Mood
from doorbell_client.hardware.lights import PATTERNS, Shine
from doorbell_client.link.line import Line

PICTURE_COLUMNS: Final = 32
PICTURE_ROWS: Final = 12
"""Two pixels above each other in a character: 32 by 24, a 4:3 picture."""

EVENTS: Final = 50
"""Lines of what happened that are kept; how many are seen depends on the terminal."""

Pixel: TypeAlias = tuple[int, int, int]


class Picture(NamedTuple):
    """What the camera took: its file's name and its pixels in small, row by row."""

    name: str
    pixels: tuple[tuple[Pixel, ...], ...]


@dataclass
class View:
    """What the screen shows. Times are seconds of `time.monotonic()`."""

    line: Line = Line.DOWN
    mood: Mood = Mood.OFF
    mood_since: float = 0.0
    picture: Picture | None = None
    upcoming: str = ""
    """The picture that the next press takes."""
    typed: str = ""
    key: str = ""
    key_at: float = float("-inf")
    chime_at: float = float("-inf")
    gong_at: float = float("-inf")
    open_until: float = float("-inf")
    events: deque[str] = field(default_factory=lambda: deque(maxlen=EVENTS))
    event_count: int = 0
    """How many there were in all."""

    def add_event(self, line: str) -> None:
        """One more line of what happens."""
        self.events.append(line)
        self.event_count += 1

    def events_since(self, count: int) -> list[str]:
        """The lines after the first `count`, as far as they are kept."""
        new = min(self.event_count - count, len(self.events))
        return list(self.events)[len(self.events) - new :]


def thumbnail(jpeg: bytes, name: str) -> Picture:
    """The picture in character size; only its name where Pillow is missing or it is no picture."""
    try:
        from PIL import Image, ImageOps

        with Image.open(io.BytesIO(jpeg)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (ImportError, OSError, ValueError, SyntaxError):
        return Picture(name, ())
    fitted = ImageOps.pad(upright, (PICTURE_COLUMNS, 2 * PICTURE_ROWS))
    flat = fitted.tobytes()
    pixels = [(flat[at], flat[at + 1], flat[at + 2]) for at in range(0, len(flat), 3)]
    width = PICTURE_COLUMNS
    return Picture(
        name, tuple(tuple(pixels[at : at + width]) for at in range(0, len(pixels), width))
    )


def lights_at(mood: Mood, seconds: float) -> Shine:
    """Which lights are on, so many seconds after this mood began."""
    steps, again = PATTERNS[mood]
    at = seconds
    for step in steps:
        if at < step.seconds:
            return step.state
        at -= step.seconds
    if again is None:
        return steps[-1].state
    loop = steps[again:]
    at %= sum(step.seconds for step in loop)
    for step in loop:
        if at < step.seconds:
            return step.state
        at -= step.seconds
    return loop[-1].state
