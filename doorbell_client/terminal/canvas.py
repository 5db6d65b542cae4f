"""What a terminal can show: its size, its characters, its colours."""

from typing import Final, NamedTuple

from rich import box
from rich.console import Console, OverflowMethod

WIDTH: Final = 80
HEIGHT: Final = 24


class Glyphs(NamedTuple):
    """The signs of the drawing."""

    lamp_on: str
    lamp_off: str
    bell: str
    strike: str
    frame: box.Box


UNICODE: Final = Glyphs("●", "○", "♪", "■", box.ROUNDED)
ASCII: Final = Glyphs("*", ".", "!", "#", box.ASCII)


class Canvas(NamedTuple):
    """Where the door is drawn."""

    width: int = WIDTH
    height: int = HEIGHT
    unicode: bool = True
    colours: bool = True

    @classmethod
    def of(cls, console: Console) -> "Canvas":
        """What this console can show now; its size may change."""
        unicode = console.encoding.startswith("utf")
        colours = console.color_system is not None and not console.no_color
        return cls(console.width, console.height, unicode, colours)

    @property
    def overflow(self) -> OverflowMethod:
        """How a line that is too long ends."""
        return "ellipsis" if self.unicode else "crop"

    @property
    def glyphs(self) -> Glyphs:
        """The signs that this terminal has."""
        return UNICODE if self.unicode else ASCII
