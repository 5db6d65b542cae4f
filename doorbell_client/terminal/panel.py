"""Draws the terminal door: a `View` in, 80 by 24 characters out. No I/O here."""

from typing import Final

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from doorbell_client.door.keypad_entry import DIGITS
from doorbell_client.door.parts import Mood
from doorbell_client.hardware.keypad import LAYOUT
from doorbell_client.hardware.lights import DARK
from doorbell_client.link.line import Line
from doorbell_client.terminal.view import EVENTS, PICTURE_ROWS, Picture, View, lights_at

WIDTH: Final = 80
HEIGHT: Final = 24

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
    Mood.FAULT: "ready; a part is broken",
    Mood.OFFLINE: "no line to the cloud",
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


def draw(view: View, now: float) -> RenderableType:
    """The whole screen."""
    layout = Layout()
    layout.split_column(
        Layout(_head(view), size=1),
        Layout(name="door", size=PICTURE_ROWS + 3),
        Layout(_events(view), size=EVENTS + 2),
        Layout(_foot(), size=1),
    )
    layout["door"].split_row(Layout(_camera(view), size=36), Layout(_door(view, now)))
    return layout


def _head(view: View) -> RenderableType:
    words, style = _LINES[view.line]
    head = Table.grid(expand=True)
    head.add_column()
    head.add_column(justify="right")
    head.add_row(Text(" Doorbell: a door in your terminal", "bold"), Text(f"{words} ", style))
    return head


def _camera(view: View) -> Panel:
    picture = view.picture
    rows = _half_blocks(picture) if picture and picture.pixels else Text("\n" * (PICTURE_ROWS - 1))
    caption = Text(overflow="ellipsis", no_wrap=True)
    if picture:
        caption.append(f"{_printable(picture.name)}  ", "bold")
    caption.append(f"next: {_printable(view.upcoming) or 'no picture'}", "dim")
    return Panel(Group(rows, caption), title="camera", border_style=_border(view.mood))


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


def _door(view: View, now: float) -> Panel:
    lights = lights_at(view.mood, now - view.mood_since) if view.mood is not Mood.OFF else DARK
    parts = Table.grid(padding=(0, 1))
    parts.add_row(_lamp(lights.status, "green"), "status light", Text(MOODS[view.mood], "bold"))
    parts.add_row(_lamp(lights.button, "bright_blue"), "button")
    parts.add_row("")
    parts.add_row(*_bell("chime", view.chime_at, now))
    parts.add_row(*_bell("gong inside", view.gong_at, now))
    parts.add_row(*_strike(view, now))
    keypad = Table.grid(padding=(0, 3, 0, 2))
    keypad.add_row(_keys(view, now), Text.assemble("\n", _typed(view.typed)))
    return Panel(Group(parts, "", keypad), title="door", border_style=_border(view.mood))


def _lamp(on: bool, colour: str) -> Text:
    return Text("●", f"bold {colour}") if on else Text("○", "bright_black")


def _bell(name: str, rung_at: float, now: float) -> tuple[Text, str, Text]:
    if now - rung_at < RING_SECONDS:
        return Text("♪", "bold yellow"), name, Text("ding-dong", "bold yellow")
    return Text("♪", "bright_black"), name, Text("silent", "dim")


def _strike(view: View, now: float) -> tuple[Text, str, Text]:
    left = view.open_until - now
    if left > 0:
        return Text("■", "bold green"), "strike", Text(f"OPEN, {left:.0f} s left", "bold green")
    return Text("■", "red"), "strike", Text("locked", "dim")


def _keys(view: View, now: float) -> Table:
    table = Table.grid(padding=(0, 1))
    for row in LAYOUT:
        table.add_row(
            *(_key(key, key == view.key and now - view.key_at < KEY_SECONDS) for key in row)
        )
    return table


def _key(key: str, pressed: bool) -> Text:
    return Text(f" {key} ", "black on bright_yellow" if pressed else "white on grey30")


def _typed(typed: str) -> Text:
    places = [*typed, *("_" * (DIGITS - len(typed)))]
    return Text(" ".join(places), "bold cyan" if typed else "bright_black")


def _events(view: View) -> Panel:
    lines = [Text(_printable(line), overflow="ellipsis", no_wrap=True) for line in view.events]
    return Panel(Group(*lines), title="what happens", border_style="bright_black")


def _printable(words: str) -> str:
    """Without control characters: it must not control the terminal."""
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
