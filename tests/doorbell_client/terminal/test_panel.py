"""The drawing of the terminal door fits its terminal, whatever it has to show."""

import io

from rich.console import Console

from doorbell_client.door.parts import Mood
from doorbell_client.link.line import Line
from doorbell_client.terminal import panel
from doorbell_client.terminal.view import Picture, View


def test_every_mood_can_be_drawn_and_fits_a_small_terminal() -> None:
    for mood in Mood:
        for line in Line:
            view = View(line=line, mood=mood, picture=Picture("a" * 200, ()))
            view.events.extend(["x" * 200, "[bold]not markup", "\x1b[31mno colour"])
            console = Console(width=80, height=24, file=io.StringIO(), record=True)
            console.print(panel.draw(view, 1.0), height=24)
            lines = console.export_text().rstrip("\n").split("\n")
            assert len(lines) <= 24
            assert max(map(len, lines)) <= 80
            assert "[bold]not markup" in "\n".join(lines)
            assert "\x1b" not in "\n".join(lines)
