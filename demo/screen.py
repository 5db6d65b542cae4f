"""What `make run` and `make up` print: plain aligned lines; a little colour on a terminal."""

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_COLOURS = {"door": "cyan", "phone": "green", "camera": "magenta"}


class Screen:
    """The terminal, or the file or pipe that stands for it."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    def say(self, text: str = "") -> None:
        """One line as it is."""
        self._console.print(text, markup=False)

    def title(self, text: str) -> None:
        """The head of what follows."""
        self._console.print(f"\n[bold]{escape(text)}[/]")

    def line(self, when: str, who: str, what: str) -> None:
        """Who did or saw what, and when."""
        colour = _COLOURS.get(who.split(maxsplit=1)[0], "white")
        self._console.print(f"  {when:>9}  [{colour}]{escape(f'{who:<11}')} [/]{escape(what)}")

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        """A long step: a spinner and the time so far on a terminal, else a line before it."""
        started = time.monotonic()
        with self._spinning(what):
            yield
        self._console.print(
            f"{escape(what)} … done in {time.monotonic() - started:.1f} s", style="dim"
        )

    def _spinning(self, what: str) -> contextlib.AbstractContextManager[object]:
        if not self._console.is_terminal:
            self._console.print(f"{escape(what)} …")
            return contextlib.nullcontext()
        progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description} …"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        progress.add_task(escape(what), total=None)
        return progress


def silent() -> Screen:
    """One that shows nothing."""
    return Screen(Console(quiet=True))
