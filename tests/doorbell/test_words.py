"""Every frame of the protocol has words, and none can play with the terminal."""

from typing import get_args

import pytest

from doorbell import protocol
from doorbell.protocol import words
from doorbell.protocol.names import EnrolmentFailure


def a_film(skipped: int) -> protocol.Message:
    """A film of a camera at the gate."""
    return protocol.CameraFilm("gate", "Gate", "film", 0.0, 1.0, 7, skipped, "gif", "mp4")


@pytest.mark.parametrize(
    ("flat", "more"),
    [(None, ""), (False, ""), (True, "; what is seen moves like a flat picture")],
)
def test_a_film_s_words_say_what_is_known_of_it(flat: bool | None, more: str) -> None:
    film = protocol.Film("r", "https://x.example/gif", "https://x.example/mp4", flat)
    sentence = words.received_in_words(protocol.message_frame(film))
    assert sentence == f"← a film of the ring can be seen{more}"


def test_every_request_message_and_closed_list_has_words() -> None:
    assert set(words._REQUESTS) == set(get_args(protocol.Request))
    assert set(words._MESSAGES) == set(get_args(protocol.Message))
    assert set(words.REASONS) == set(protocol.REASONS)
    assert set(words.REFUSALS) == set(protocol.REFUSALS)
    assert set(words.ENROLMENT_FAILURES) == set(get_args(EnrolmentFailure))


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ('{"action":"enter_code","code":"042137"}', "types 042137 at the keypad"),
        ('{"action":"ring"}', "rings"),
        ('{"action":"ring","age":12.4}', "rings for a press 12 s ago"),
        ('{"action":"answer","ring":"r","answer":"decline"}', "answers: do not let them in"),
        ("\x1b[2J", 'sends what cannot be served (not_json): "\\u001b[2J"'),
    ],
)
def test_what_a_device_sends_is_told_as_what_it_does(frame: str, sentence: str) -> None:
    assert words.sent_in_words(frame) == sentence


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (
            '{"type":"code","ring":"r","code":"042137","expires_in":120,"resident":"Ada"}',
            "← code 042137 for Ada, valid for 120 s",
        ),
        ('{"type":"enrolled","resident":"Ada","faces":1}', "← Ada is known by one face"),
        ('{"type":"enrolled","resident":"Ada","faces":0}', "← Ada is known by no face"),
        ('{"type":"welcome","ring":"r"}', "← welcome: type the code from your phone"),
        (
            '{"type":"refused","reason":"locked","attempts_left":0,"retry_after":90}',
            "← refused: too many tries, codes are locked (0 tries left; try again in 90 s)",
        ),
        ('{"type":"later"}', '← "{\\"type\\":\\"later\\"}"'),
        (
            '{"type":"code","ring":"r","code":"042137","expires_in":120}',
            "← code 042137, valid for 120 s",
        ),
        ('{"type":"enrolled","resident":"Ada","faces":2}', "← Ada is known by 2 faces"),
        (
            '{"type":"welcome","ring":"r","name":"Ada"}',
            "← welcome, Ada: type the code from your phone",
        ),
        (
            '{"type":"refused","reason":"wrong","attempts_left":4}',
            "← refused: this code is wrong (4 tries left)",
        ),
        ("x" * 60, f'← "{"x" * 60}"'),
        ("x" * 61, f'← "{"x" * 57}..."'),
    ],
)
def test_what_a_device_is_told_is_a_sentence_behind_an_arrow(frame: str, sentence: str) -> None:
    assert words.received_in_words(frame) == sentence


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (protocol.DoorOpened("r", "code"), "the door was opened by a code"),
        (protocol.DoorOpened("r", "Ada"), "the door was opened by Ada"),
        (
            protocol.Visitor("r", "Front", "no_photo", 60, None),
            "visitor at Front: no photo came (no photo, 60 s to answer)",
        ),
        (a_film(skipped=0), "a film of Gate can be seen, 7 pictures"),
        (a_film(skipped=2), "a film of Gate can be seen, 7 pictures, 2 skipped"),
    ],
)
def test_what_may_be_left_out_is(message: protocol.Message, sentence: str) -> None:
    assert words.message_in_words(message) == sentence


def test_a_link_to_a_photo_is_not_told() -> None:
    visitor = protocol.Visitor("r", "Front door", "stranger", 60, "http://127.0.0.1/?signature")
    assert words.message_in_words(visitor) == (
        "visitor at Front door: nobody who lives here (with photo, 60 s to answer)"
    )
