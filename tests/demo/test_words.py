"""Every frame of the protocol has words, and none can play with the terminal."""

import io
import time
from typing import get_args

import pytest
from rich.console import Console

from demo import words
from demo.screen import Screen
from doorbell import protocol
from local.narrator import narrate
from local.observer import Sight


def test_every_request_and_message_has_words() -> None:
    assert set(words._REQUESTS) == set(get_args(protocol.Request))
    assert set(words._MESSAGES) == set(get_args(protocol.Message))
    assert set(words.REASONS) == set(protocol.REASONS)
    assert set(words._REFUSALS) == set(protocol.REFUSALS)


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ('{"action":"enter_code","code":"042137"}', "types 042137 at the keypad"),
        ('{"action":"ring","age":12.4}', "rings for a press 12 s ago"),
        ('{"action":"answer","ring":"r","answer":"decline"}', "answers: no"),
        ("\x1b[2J", 'sends what cannot be served (not_json): "\\u001b[2J"'),
    ],
)
def test_what_a_device_sends(frame: str, told: str) -> None:
    assert words.sent_in_words(frame) == told


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (
            '{"type":"code","ring":"r","code":"042137","expires_in":120,"resident":"Ada"}',
            "gets code 042137 for Ada, valid 120 s",
        ),
        ('{"type":"enrolled","resident":"Ada","faces":1}', "hears that Ada is known by one face"),
        ('{"type":"later"}', 'gets "{\\"type\\":\\"later\\"}"'),
    ],
)
def test_what_a_device_gets(frame: str, told: str) -> None:
    assert words.got_in_words(frame) == told


def test_a_link_to_a_photo_is_not_told() -> None:
    visitor = protocol.Visitor("r", "Front door", "stranger", 60, "http://127.0.0.1/?signature")
    assert words.message_in_words(visitor) == (
        "sees a visitor at Front door: nobody it knows (with photo; answer within 60 s)"
    )


def test_the_narrator_tells_time_device_and_words_in_one_line() -> None:
    page = io.StringIO()
    screen = Screen(Console(file=page, width=40, soft_wrap=True))
    narrate(Sight(time.time(), "home.front-door", "sent", '{"action":"ring"}'), screen)
    assert page.getvalue().split()[1:] == ["front-door", "rings"]


def test_markup_in_a_frame_stays_text() -> None:
    page = io.StringIO()
    screen = Screen(Console(file=page, soft_wrap=True))
    screen.line("0.00 s", "door", "gets [red]this[/red]")
    assert "[red]this[/red]" in page.getvalue()
