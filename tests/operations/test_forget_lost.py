"""What reached nobody is thrown away if it names whoever is forgotten."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.forget_lost import names
from tests.operations.lost_messages import object_created, pressed

WORDS = st.text(min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("body", "of_home", "of_eve"),
    [
        (pressed(home="elm"), True, False),
        (pressed(home="elm", by="Eve"), True, True),
        (pressed(home="oak", by="Eve"), False, False),
        (object_created("residents/elm/Eve/1.jpeg"), True, True),
        (object_created("residents/elm/Evelyn/1.jpeg"), True, False),
        (object_created("guest/elm/r1/photo.jpeg"), True, False),
        ({"requestPayload": json.dumps(pressed(home="elm", by="Eve"))}, True, True),
        ({"requestPayload": {"key": "residents/elm/Eve/1.jpeg"}}, True, True),
    ],
)
def test_a_message_is_of_whom_it_names(body: object, of_home: bool, of_eve: bool) -> None:
    text = json.dumps(body)
    assert names(text, "elm") is of_home
    assert names(text, "elm", "Eve") is of_eve


@given(st.text())
def test_what_is_no_json_names_nobody_by_chance(body: str) -> None:
    assert not names(body, "no-such-home")


@given(WORDS, WORDS)
def test_a_name_is_found_whatever_letters_it_has(home: str, resident: str) -> None:
    body = json.dumps({"detail": {"home": home, "deep": [json.dumps({"by": resident})]}})
    assert names(body, home, resident)
