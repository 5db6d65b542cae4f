"""How each part of the terminal door looks."""

from typing import Final

from rich.table import Table
from rich.text import Text

from doorbell_client.door.keypad_entry import DIGITS
from doorbell_client.door.parts import Mood
from doorbell_client.hardware.keypad import LAYOUT
from doorbell_client.hardware.lights import DARK, Shine
from doorbell_client.link.line import Line
from doorbell_client.terminal.canvas import Glyphs
from doorbell_client.terminal.view import View, lights_at

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

_BORDERS: Final = {
    Mood.OPEN: "green",
    Mood.ERROR: "red",
    Mood.WELCOME: "bright_blue",
    Mood.CAPTURING: "bright_blue",
    Mood.OFFLINE: "yellow",
}


def line(view: View) -> Text:
    """How the line is."""
    return Text(*_LINES[view.line])


def mood(view: View) -> Text:
    """What the lights say, in words."""
    return Text(MOODS[view.mood], "bold")


def lights(view: View, now: float) -> Shine:
    """Which of the two lights are on."""
    return lights_at(view.mood, now - view.mood_since) if view.mood is not Mood.OFF else DARK


def lamp(on: bool, colour: str, glyphs: Glyphs) -> Text:
    """A light."""
    if on:
        return Text(glyphs.lamp_on, f"bold {colour}")
    return Text(glyphs.lamp_off, "bright_black")


def bell(name: str, rung_at: float, now: float, glyphs: Glyphs) -> tuple[Text, str, Text]:
    """A bell, its name and whether it sounds."""
    if now - rung_at < RING_SECONDS:
        return Text(glyphs.bell, "bold yellow"), name, Text("ding-dong", "bold yellow")
    return Text(glyphs.bell, "bright_black"), name, Text("silent", "dim")


def strike(view: View, now: float, glyphs: Glyphs) -> tuple[Text, str, Text]:
    """The strike, its name and whether the door can be pushed open."""
    left = view.open_until - now
    if left > 0:
        open_for = Text(f"OPEN, {left:.0f} s left", "bold green")
        return Text(glyphs.strike, "bold green"), "strike", open_for
    return Text(glyphs.strike, "red"), "strike", Text("locked", "dim")


def keypad(view: View, now: float) -> Table:
    """The keys; one that was just pressed stands out."""
    table = Table.grid(padding=(0, 1))
    for row in LAYOUT:
        table.add_row(
            *(_key(key, key == view.key and now - view.key_at < KEY_SECONDS) for key in row)
        )
    return table


def _key(key: str, pressed: bool) -> Text:
    # Reversed, not only coloured: a terminal may have no colours.
    return Text(f" {key} ", "bold reverse" if pressed else "white on grey30")


def typed(view: View) -> Text:
    """The digits so far, and places for the others."""
    places = [*view.typed, *("_" * (DIGITS - len(view.typed)))]
    return Text(" ".join(places), "bold cyan" if view.typed else "bright_black")


def printable(words: str) -> str:
    """Without control characters: the cloud and a file's name must not control the terminal."""
    return "".join(char for char in words if char.isprintable())


def border(view: View) -> str:
    """The colour of the door's frame."""
    return _BORDERS.get(view.mood, "bright_black")
