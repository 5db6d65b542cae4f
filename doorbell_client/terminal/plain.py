"""The terminal door in lines, for a terminal that cannot be drawn on."""

from typing import IO

from doorbell_client.terminal import parts_text as parts
from doorbell_client.terminal.panel import HELP
from doorbell_client.terminal.view import View


class PlainDoor:
    """Prints a line for whatever has changed since the last look."""

    def __init__(self, view: View, out: IO[str]) -> None:
        self._view = view
        self._out = out
        self._encoding = getattr(out, "encoding", None) or "ascii"
        self._shown: dict[str, str] = {}
        self._printed = 0
        self._print("Doorbell. Keys: " + ", ".join(f"{key}: {does}" for key, does in HELP) + ".")

    def update(self, now: float) -> None:
        """Look again."""
        view = self._view
        for line in view.events_since(self._printed):
            self._print(parts.printable(line))
        self._printed = view.event_count
        self._changed("door", parts.mood(view).plain)
        self._changed("strike", "open" if now < view.open_until else "locked")
        self._changed("typed", view.typed)
        self._changed("next picture", parts.printable(view.upcoming))

    def _changed(self, name: str, words: str) -> None:
        before = self._shown.get(name, "")
        self._shown[name] = words
        if words != before and words:
            self._print(f"{name}: {words}")

    def _print(self, line: str) -> None:
        safe = line.encode(self._encoding, "replace").decode(self._encoding)
        print(safe, file=self._out, flush=True)
