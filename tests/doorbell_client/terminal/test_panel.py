"""The drawing fits its terminal, whatever it has to show, and keeps keypad and help."""

import io

import pytest
from rich.console import Console

from doorbell_client.door.parts import Mood
from doorbell_client.link.line import Line
from doorbell_client.terminal import panel
from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.view import Picture, View

SIZES = [(120, 40), (80, 24), (79, 24), (60, 20), (56, 19), (40, 12), (40, 24), (80, 12)]

SPOTTED = Picture("ann.jpeg", (((255, 255, 255),) * 32,) * 12 + (((0, 0, 0),) * 32,) * 12)


def drawn(view: View, canvas: Canvas, now: float = 1.0) -> list[str]:
    """The lines that the terminal shows."""
    console = Console(
        width=canvas.width, height=canvas.height, file=io.StringIO(), record=True,
        color_system="truecolor" if canvas.colours else None,
    )  # fmt: skip
    console.print(panel.draw(view, now, canvas), height=canvas.height)
    return console.export_text().rstrip("\n").split("\n")


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("mood", Mood)
@pytest.mark.parametrize("line", Line)
def test_every_mood_can_be_drawn_and_fits(width: int, height: int, mood: Mood, line: Line) -> None:
    view = View(line=line, mood=mood, picture=Picture("a" * 200, ()))
    for words in ("x" * 200, "[bold]not markup", "\x1b[31mno colour"):
        view.add_event(words)
    lines = drawn(view, Canvas(width, height))
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert "[bold]not markup" in "\n".join(lines)
    assert "\x1b" not in "\n".join(lines)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_keypad_digits_strike_and_help_are_there_at_every_size(width: int, height: int) -> None:
    view = View(mood=Mood.WELCOME, typed="042", open_until=6.0)
    screen = "\n".join(drawn(view, Canvas(width, height)))
    for row in ("1   2   3", "4   5   6", "7   8   9", "*   0   #"):
        assert row in screen
    assert "0 4 2 _ _ _" in screen
    assert "type your code, then #" in screen
    assert "OPEN, 5 s left" in screen
    for key in ("space", "0-9", "n ", "q"):
        assert key in drawn(view, Canvas(width, height))[-1]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_bell_is_seen_to_sound_at_every_size(width: int, height: int) -> None:
    silent = "\n".join(drawn(View(), Canvas(width, height), now=10))
    assert "ding-dong" not in silent
    assert "silent" in silent
    for view in (View(chime_at=9.5), View(gong_at=9.5)):
        assert "ding-dong" in "\n".join(drawn(view, Canvas(width, height), now=10))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_terminal_without_unicode_gets_a_whole_door_in_ascii(width: int, height: int) -> None:
    view = View(mood=Mood.READY, picture=SPOTTED, upcoming="b.jpeg")
    view.add_event("x" * 200)
    screen = "\n".join(drawn(view, Canvas(width, height, unicode=False)))
    assert screen.isascii()
    assert "ready: press space" in screen


def test_without_colours_a_picture_is_made_of_shades() -> None:
    screen = drawn(View(picture=SPOTTED), Canvas(colours=False))
    picture = [line[2:34] for line in screen[2:14]]
    assert picture == ["@" * 32] * 6 + [" " * 32] * 6


def test_lamps_and_keys_can_be_told_apart_without_colours() -> None:
    plain = Canvas(colours=False)
    assert drawn(View(mood=Mood.OPEN), plain) != drawn(View(mood=Mood.OFF), plain)
    on = "\n".join(drawn(View(mood=Mood.OPEN), plain))
    assert on.count("●") == 2
    assert "○" not in on


def test_a_terminal_is_asked_what_it_can_do() -> None:
    def canvas(encoding: str, **options: object) -> Canvas:
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        return Canvas.of(Console(file=file, width=60, height=20, **options))  # type: ignore[arg-type]

    coloured = {"force_terminal": True, "color_system": "256"}
    assert canvas("utf-8", **coloured) == Canvas(60, 20, unicode=True, colours=True)
    assert canvas("ascii", **coloured) == Canvas(60, 20, unicode=False, colours=True)
    assert canvas("utf-8", no_color=True, **coloured) == Canvas(60, 20, True, colours=False)
