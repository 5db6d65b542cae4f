"""Draws the terminal door in the space that the terminal has. No I/O here.

Large: 70 by 24 characters or more. Medium: 56 by 19. Small: whatever is less; it keeps keypad and
help, and has no picture.
"""

from typing import Final

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from doorbell_client.terminal import parts_text as parts
from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.picture_text import picture_text
from doorbell_client.terminal.view import PICTURE_COLUMNS, PICTURE_ROWS, View

_MEDIUM_COLUMNS: Final = 20
_MEDIUM_ROWS: Final = 8

HELP: Final = (("space", "ring"), ("0-9 * #", "keypad"), ("n", "next picture"), ("q", "quit"))
_SHORT_HELP: Final = (("space", "ring"), ("0-9*#", "keys"), ("n", "next"), ("q", "quit"))


def draw(view: View, now: float, canvas: Canvas = Canvas()) -> RenderableType:  # noqa: B008 - immutable
    """The whole screen."""
    if canvas.width >= 70 and canvas.height >= 24:
        door = _door(view, now, canvas)
        return _with_picture(view, canvas, door, PICTURE_COLUMNS, PICTURE_ROWS)
    if canvas.width >= 56 and canvas.height >= 19:
        compact = _compact_door(view, now, canvas)
        return _with_picture(view, canvas, compact, _MEDIUM_COLUMNS, _MEDIUM_ROWS)
    return _small(view, now, canvas)


def _with_picture(
    view: View, canvas: Canvas, door: RenderableType, columns: int, rows: int
) -> Layout:
    """The picture beside the door, both as high as it needs; below them what has happened."""
    picture = picture_text(view.picture, columns, rows, canvas)
    height = rows + 3
    rest = canvas.height - height - 2
    layout = Layout()
    layout.split_column(
        Layout(_head(view, canvas), size=1),
        Layout(name="door", size=height),
        Layout(_events(view, rest - 2, canvas), size=rest),
        Layout(_help(canvas), size=1),
    )
    camera = _framed(Group(picture, _caption(view, canvas)), "camera", view, canvas)
    layout["door"].split_row(
        Layout(camera, size=columns + 4), Layout(_framed(door, "door", view, canvas))
    )
    return layout


def _small(view: View, now: float, canvas: Canvas) -> Layout:
    door = Table.grid(padding=(0, 2, 0, 1))
    door.add_row(parts.keypad(view, now), _small_state(view, now, canvas))
    layout = Layout()
    layout.split_column(
        Layout(_head(view, canvas), size=1),
        Layout(Text(" ").append_text(parts.mood(view)), size=1),
        Layout(door, size=4),
        Layout(Text(" ").append_text(_caption(view, canvas)), size=1),
        Layout(_lines(view, max(1, canvas.height - 8), canvas, indent=" ")),
        Layout(_help(canvas), size=1),
    )
    return layout


def _small_state(view: View, now: float, canvas: Canvas) -> Group:
    glyphs, shine = canvas.glyphs, parts.lights(view, now)
    lamps = parts.lamp(shine.status, "green", glyphs).append(" status  ", "default")
    lamps.append_text(parts.lamp(shine.button, "bright_blue", glyphs)).append(" button", "default")
    latest = max(view.chime_at, view.gong_at)
    return Group(
        parts.typed(view),
        lamps,
        _in_a_row(parts.bell("bells", latest, now, glyphs)),
        _in_a_row(parts.strike(view, now, glyphs)),
    )


def _in_a_row(part: tuple[Text, str, Text]) -> Text:
    sign, name, state = part
    return Text.assemble(sign, f" {name}: ", state)


def _head(view: View, canvas: Canvas) -> RenderableType:
    head = Table.grid(expand=True)
    head.add_column(no_wrap=True)
    head.add_column(justify="right", no_wrap=True)
    title = " Doorbell: a door in your terminal" if canvas.width >= 56 else " Doorbell"
    head.add_row(Text(title, "bold"), parts.line(view).append(" "))
    return head


def _framed(content: RenderableType, title: str, view: View, canvas: Canvas) -> Panel:
    frame = canvas.glyphs.frame
    return Panel(content, title=title, border_style=parts.border(view), box=frame)


def _caption(view: View, canvas: Canvas) -> Text:
    caption = Text(overflow=canvas.overflow, no_wrap=True)
    if view.picture:
        caption.append(f"{parts.printable(view.picture.name)}  ", "bold")
    return caption.append(f"next: {parts.printable(view.upcoming) or 'no picture'}", "dim")


def _door(view: View, now: float, canvas: Canvas) -> Group:
    glyphs, shine = canvas.glyphs, parts.lights(view, now)
    table = Table.grid(padding=(0, 1))
    table.add_row(parts.lamp(shine.status, "green", glyphs), "status light", parts.mood(view))
    table.add_row(parts.lamp(shine.button, "bright_blue", glyphs), "button")
    table.add_row("")
    table.add_row(*parts.bell("chime", view.chime_at, now, glyphs))
    table.add_row(*parts.bell("gong inside", view.gong_at, now, glyphs))
    table.add_row(*parts.strike(view, now, glyphs))
    return Group(table, "", _keypad(view, now))


def _compact_door(view: View, now: float, canvas: Canvas) -> Group:
    glyphs, shine = canvas.glyphs, parts.lights(view, now)
    table = Table.grid(padding=(0, 1))
    table.add_row(parts.lamp(shine.status, "green", glyphs), parts.mood(view))
    button = parts.lamp(shine.button, "bright_blue", glyphs)
    table.add_row(button, "button")
    return Group(
        table,
        _in_a_row(parts.bell("chime", view.chime_at, now, glyphs)),
        _in_a_row(parts.bell("gong", view.gong_at, now, glyphs)),
        _in_a_row(parts.strike(view, now, glyphs)),
        _keypad(view, now),
    )


def _keypad(view: View, now: float) -> Table:
    table = Table.grid(padding=(0, 3, 0, 2))
    table.add_row(parts.keypad(view, now), Text("\n").append_text(parts.typed(view)))
    return table


def _events(view: View, count: int, canvas: Canvas) -> Panel:
    frame = canvas.glyphs.frame
    lines = _lines(view, count, canvas)
    return Panel(lines, title="what happens", border_style="bright_black", box=frame)


def _lines(view: View, count: int, canvas: Canvas, indent: str = "") -> Group:
    return Group(
        *(
            Text(indent + parts.printable(line), overflow=canvas.overflow, no_wrap=True)
            for line in list(view.events)[-count:]
        )
    )


def _help(canvas: Canvas) -> Text:
    text = Text(" ", no_wrap=True)
    roomy = canvas.width >= 70
    for key, does in HELP if roomy else _SHORT_HELP:
        text.append(f" {key} " if roomy else key, "reverse").append(f" {does}  ")
    return text
