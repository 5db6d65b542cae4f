"""What the terminal door looks like: a `Look` in, 80 by 24 characters out. No I/O here.

Times are seconds of `time.monotonic()`.
"""

import io
from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from doorbell_client.door.keypad_entry import DIGITS
from doorbell_client.door.parts import Mood
from doorbell_client.hardware.keypad import LAYOUT
from doorbell_client.hardware.lights import DARK, PATTERNS, Shine
from doorbell_client.link.line import Line

WIDTH: Final = 80
HEIGHT: Final = 24

PICTURE_COLUMNS: Final = 32
PICTURE_ROWS: Final = 12
"""Two pixels above each other in a character: 32 by 24, a 4:3 picture."""

EVENTS: Final = 5
"""Lines of the story on the screen."""

RING_SECONDS: Final = 1.5
KEY_SECONDS: Final = 0.25
"""How long a bell and a key are seen."""

MOODS: Final = {
    Mood.READY: "ready: press space",
    Mood.CAPTURING: "taking your picture",
    Mood.WAITING: "one moment",
    Mood.WELCOME: "type your code, then #",
    Mood.OPEN: "come in",
    Mood.ERROR: "that did not work",
    Mood.OFFLINE: "no line to the house",
    Mood.OFF: "",
}

_LINES: Final = {
    Line.UP: ("connected", "green"),
    Line.DOWN: ("no line", "yellow"),
    Line.REFUSED: ("not let in", "bold red"),
}

_FOOTER: Final = (
    ("space", "ring"), ("0-9 * #", "keypad"), ("n", "next picture"), ("q", "quit"),
)  # fmt: skip


class Picture(NamedTuple):
    """What the camera took: its file's name and its pixels in small, row by row."""

    name: str
    pixels: tuple[tuple[tuple[int, int, int], ...], ...]


@dataclass
class Look:
    """Everything that is to be seen."""

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
    story: deque[str] = field(default_factory=lambda: deque(maxlen=EVENTS))


def small(jpeg: bytes, name: str) -> Picture:
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


def shine(mood: Mood, seconds: float) -> Shine:
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


def draw(look: Look, now: float) -> RenderableType:
    """The whole screen."""
    layout = Layout()
    layout.split_column(
        Layout(_head(look), size=1),
        Layout(name="door", size=PICTURE_ROWS + 3),
        Layout(_story(look), size=EVENTS + 2),
        Layout(_foot(), size=1),
    )
    layout["door"].split_row(Layout(_camera(look), size=36), Layout(_door(look, now)))
    return layout


def _head(look: Look) -> RenderableType:
    words, style = _LINES[look.line]
    head = Table.grid(expand=True)
    head.add_column()
    head.add_column(justify="right")
    head.add_row(Text(" Doorbell: a door in your terminal", "bold"), Text(f"{words} ", style))
    return head


def _camera(look: Look) -> Panel:
    picture = look.picture
    rows = _half_blocks(picture) if picture and picture.pixels else Text("\n" * (PICTURE_ROWS - 1))
    caption = Text(overflow="ellipsis", no_wrap=True)
    if picture:
        caption.append(f"{_printable(picture.name)}  ", "bold")
    caption.append(f"next: {_printable(look.upcoming) or 'no picture'}", "dim")
    return Panel(Group(rows, caption), title="camera", border_style=_border(look.mood))


def _half_blocks(picture: Picture) -> Text:
    """An upper half block has two colours: the upper pixel's, and the lower one's behind it."""
    text = Text(no_wrap=True)
    for upper, lower in zip(picture.pixels[::2], picture.pixels[1::2], strict=True):
        for above, below in zip(upper, lower, strict=True):
            text.append("▀", f"rgb({_rgb(above)}) on rgb({_rgb(below)})")
        text.append("\n")
    text.rstrip()
    return text


def _rgb(pixel: tuple[int, int, int]) -> str:
    return ",".join(map(str, pixel))


def _door(look: Look, now: float) -> Panel:
    lights = shine(look.mood, now - look.mood_since) if look.mood is not Mood.OFF else DARK
    parts = Table.grid(padding=(0, 1))
    parts.add_row(_lamp(lights.status, "green"), "status light", Text(MOODS[look.mood], "bold"))
    parts.add_row(_lamp(lights.button, "bright_blue"), "button")
    parts.add_row("")
    parts.add_row(*_bell("chime", look.chime_at, now))
    parts.add_row(*_bell("gong inside", look.gong_at, now))
    parts.add_row(*_strike(look, now))
    keypad = Table.grid(padding=(0, 3, 0, 2))
    keypad.add_row(_keys(look, now), Text.assemble("\n", _typed(look.typed)))
    return Panel(Group(parts, "", keypad), title="door", border_style=_border(look.mood))


def _lamp(on: bool, colour: str) -> Text:
    return Text("●", f"bold {colour}") if on else Text("○", "bright_black")


def _bell(name: str, rung_at: float, now: float) -> tuple[Text, str, Text]:
    if now - rung_at < RING_SECONDS:
        return Text("♪", "bold yellow"), name, Text("ding-dong", "bold yellow")
    return Text("♪", "bright_black"), name, Text("silent", "dim")


def _strike(look: Look, now: float) -> tuple[Text, str, Text]:
    left = look.open_until - now
    if left > 0:
        return Text("■", "bold green"), "strike", Text(f"OPEN, {left:.0f} s left", "bold green")
    return Text("■", "red"), "strike", Text("locked", "dim")


def _keys(look: Look, now: float) -> Table:
    table = Table.grid(padding=(0, 1))
    for row in LAYOUT:
        table.add_row(
            *(_key(key, key == look.key and now - look.key_at < KEY_SECONDS) for key in row)
        )
    return table


def _key(key: str, pressed: bool) -> Text:
    return Text(f" {key} ", "black on bright_yellow" if pressed else "white on grey30")


def _typed(typed: str) -> Text:
    places = [*typed, *("_" * (DIGITS - len(typed)))]
    return Text(" ".join(places), "bold cyan" if typed else "bright_black")


def _story(look: Look) -> Panel:
    lines = [Text(_printable(line), overflow="ellipsis", no_wrap=True) for line in look.story]
    return Panel(Group(*lines), title="what happens", border_style="bright_black")


def _printable(words: str) -> str:
    """Without control characters: what a house or a file's name says must not steer a terminal."""
    return "".join(char for char in words if char.isprintable())


def _foot() -> Text:
    foot = Text(" ")
    for key, does in _FOOTER:
        foot.append(f" {key} ", "reverse").append(f" {does}   ")
    return foot


def _border(mood: Mood) -> str:
    return {
        Mood.OPEN: "green", Mood.ERROR: "red", Mood.WELCOME: "bright_blue",
        Mood.CAPTURING: "bright_blue", Mood.OFFLINE: "yellow",
    }.get(mood, "bright_black")  # fmt: skip
