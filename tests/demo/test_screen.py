"""What the demonstration prints stays plain text, whatever a device sends."""

import io

from rich.console import Console

from demo.screen import Screen


def test_markup_in_a_frame_stays_text() -> None:
    page = io.StringIO()
    screen = Screen(Console(file=page, soft_wrap=True))
    screen.line("0.00 s", "door", "gets [red]this[/red]")
    assert "[red]this[/red]" in page.getvalue()
