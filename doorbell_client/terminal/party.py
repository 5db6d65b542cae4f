"""A party camera whose button, lights and preview are on the screen."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import IO, Final

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from doorbell_client.camera import gifcam
from doorbell_client.door.parts import Mood, Notify, Press
from doorbell_client.terminal import parts_text as parts
from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.picture_text import picture_text
from doorbell_client.terminal.simulated_parts import ScreenKeyboard, ScreenLamps
from doorbell_client.terminal.view import PICTURE_COLUMNS, PICTURE_ROWS, Picture, View, thumbnail
from doorbell_client.terminal.words import describe_party

_TAKE: Final = frozenset(" \r\n")
_QUIT: Final = frozenset("qQ\x04")

HELP: Final = "space: take a film, q: quit"

MOODS: Final = {
    Mood.READY: "ready: press space",
    Mood.FAULT: "ready; a part is broken",
    Mood.CAPTURING: "recording",
    Mood.WAITING: "sending",
    Mood.OFFLINE: "no network; films are kept",
    Mood.ERROR: "that did not work",
}


class Party:
    """What is behind the screen: keys go in, `view` is what is to be seen."""

    def __init__(self, between: float) -> None:
        """`between` is the time from frame to frame of the preview; seconds."""
        self.view = View()
        self.quit = asyncio.Event()
        self.button = ScreenKeyboard(self._listen)
        self.lights = ScreenLamps(self.view)
        self.work: Callable[[], Awaitable[None]] | None = None
        """The camera itself."""
        self._between = between
        self._frames: list[Picture] = []
        self._notify: Notify = lambda notice: None

    async def run(self) -> None:
        """Until `quit` is set, or the camera ends."""
        assert self.work is not None
        alive = asyncio.ensure_future(self.work())
        stop = asyncio.create_task(self.quit.wait())
        try:
            await asyncio.wait((alive, stop), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (alive, stop):
                task.cancel()
            await asyncio.gather(alive, stop, return_exceptions=True)

    def key(self, char: str) -> None:
        """Somebody pressed this key of the keyboard."""
        if char in _QUIT:
            self.quit.set()
        elif char in _TAKE:
            self._notify(Press(time.monotonic()))

    def add_line(self, words: str) -> None:
        """One more line of what happens."""
        self.view.add_event(f"{time.strftime('%H:%M:%S')}  {words}")

    def tick(self, now: float) -> None:
        """The latest film plays, again and again."""
        if self._frames:
            self.view.picture = self._frames[int(now / self._between) % len(self._frames)]

    def watch(self, event: gifcam.Event) -> None:
        """Something happens at the camera."""
        if isinstance(event, gifcam.Recorded) and event.frames:
            count = len(event.frames)
            self._frames = [
                thumbnail(frame, f"picture {number} of {count}")
                for number, frame in enumerate(event.frames, start=1)
            ]
        if words := describe_party(event):
            self.add_line(words)

    def _listen(self, notify: Notify) -> None:
        self._notify = notify


def draw_party(view: View, now: float, canvas: Canvas) -> RenderableType:
    """The whole screen: the film beside the lights, below them what has happened."""
    rows = min(PICTURE_ROWS, max(2, canvas.height - 10))
    columns = PICTURE_COLUMNS * rows // PICTURE_ROWS
    layout = Layout()
    layout.split_column(
        Layout(Text(" Doorbell: a party camera in your terminal", "bold"), size=1),
        Layout(name="camera", size=rows + 3),
        Layout(_events(view, canvas.height - rows - 7, canvas)),
        Layout(Text(f" {HELP}", "reverse"), size=1),
    )
    name = view.picture.name if view.picture else "no film yet"
    film = Group(picture_text(view.picture, columns, rows, canvas), Text(name, "dim"))
    layout["camera"].split_row(
        Layout(Panel(film, title="film", box=canvas.glyphs.frame), size=columns + 4),
        Layout(Panel(_lights(view, now, canvas), title="camera", box=canvas.glyphs.frame)),
    )
    return layout


def _lights(view: View, now: float, canvas: Canvas) -> Table:
    shine = parts.lights(view, now)
    table = Table.grid(padding=(0, 1))
    table.add_row(parts.lamp(shine.status, "red", canvas.glyphs), "status light")
    table.add_row(parts.lamp(shine.button, "bright_blue", canvas.glyphs), "button")
    table.add_row("", Text(MOODS.get(view.mood, ""), "bold"))
    return table


def _events(view: View, count: int, canvas: Canvas) -> Panel:
    lines = [
        Text(parts.printable(line), overflow=canvas.overflow, no_wrap=True)
        for line in list(view.events)[-max(1, count) :]
    ]
    return Panel(Group(*lines), title="what happens", box=canvas.glyphs.frame)


def party_lines(view: View, out: IO[str]) -> Callable[[float], None]:
    """The same in lines, for a terminal that cannot be drawn on."""
    print(f"Doorbell: a party camera. Keys: {HELP}.", file=out, flush=True)
    printed = 0

    def update(now: float) -> None:
        nonlocal printed
        for line in view.events_since(printed):
            print(parts.printable(line), file=out, flush=True)
        printed = view.event_count

    return update
