"""What `make up` prints of a device: time, device and words, in one line."""

import io
import time

import pytest
from rich.console import Console

from demo.screen import Screen
from local.print_events import print_event
from local.socket_events import Happened, SocketEvent


@pytest.mark.parametrize(
    ("happened", "frame", "words"),
    [
        ("connected", "", "connects"),
        ("refused", "", "may not connect"),
        ("sent", '{"action":"ring"}', "rings"),
        ("got", '{"type":"no_answer","ring":"r"}', "← nobody answered"),
        ("gone", "", "disconnects"),
    ],
)
def test_an_event_is_one_line_with_time_device_and_words(
    happened: Happened, frame: str, words: str
) -> None:
    page = io.StringIO()
    screen = Screen(Console(file=page, width=40, soft_wrap=True))
    print_event(SocketEvent(time.time(), "home.front-door", happened, frame), screen)
    assert page.getvalue().split(maxsplit=2)[1:] == ["front-door", f"{words}\n"]


def test_a_warning_of_the_servers_is_printed_as_it_is() -> None:
    page = io.StringIO()
    screen = Screen(Console(file=page, width=40, soft_wrap=True))
    warning = SocketEvent(time.time(), "server", "warned", "The home is not kept now: no space.")
    print_event(warning, screen)
    assert page.getvalue().split(maxsplit=2)[1:] == [
        "server",
        "The home is not kept now: no space.\n",
    ]
