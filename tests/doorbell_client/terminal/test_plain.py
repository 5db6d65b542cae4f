"""A terminal that cannot be drawn on gets the door in lines."""

import io

from doorbell_client.door.parts import Mood
from doorbell_client.terminal.plain import PlainDoor
from doorbell_client.terminal.view import EVENTS, View


def printed(out: io.TextIOWrapper) -> list[str]:
    out.flush()
    buffer = out.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode().splitlines()


def terminal(encoding: str = "utf-8") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


def test_what_changes_is_printed_once_and_the_keys_are_explained() -> None:
    view, out = View(mood=Mood.READY, upcoming="ann.jpeg"), terminal()
    door = PlainDoor(view, out)
    door.update(1.0)
    door.update(2.0)
    view.mood, view.typed, view.open_until = Mood.OPEN, "04", 9.0
    view.add_event("somebody pressed")
    door.update(3.0)
    view.typed = ""
    door.update(10.0)
    assert printed(out) == [
        "Doorbell. Keys: space: ring, 0-9 * #: keypad, n: next picture, q: quit.",
        "door: ready: press space",
        "strike: locked",
        "next picture: ann.jpeg",
        "somebody pressed",
        "door: come in",
        "strike: open",
        "typed: 04",
        "strike: locked",
    ]


def test_many_events_between_two_looks_are_printed_as_far_as_they_are_kept() -> None:
    view, out = View(), terminal()
    door = PlainDoor(view, out)
    for number in range(3 * EVENTS):
        view.add_event(f"event {number}")
    door.update(1.0)
    view.add_event("the last")
    door.update(1.0)
    lines = [line for line in printed(out) if line.startswith(("event", "the last"))]
    assert lines == [f"event {number}" for number in range(2 * EVENTS, 3 * EVENTS)] + ["the last"]


def test_what_the_terminal_cannot_write_is_replaced_and_nothing_controls_it() -> None:
    view, out = View(), terminal("ascii")
    view.add_event("Zoë \x1b[31m is there…")
    PlainDoor(view, out).update(1.0)
    assert "Zo? [31m is there?" in printed(out)
