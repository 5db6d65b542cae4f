"""Frames that cannot be served: each gets an error with a name, and the connection stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from websockets.sync.client import connect

from doorbell.protocol import Error, Pong, read_message

if TYPE_CHECKING:
    from local.stack import Stack

FRAMES: list[tuple[str | bytes, str]] = [
    ("", "not_json"),
    ("hello", "not_json"),
    ("[]", "not_json"),
    ("null", "not_json"),
    ("[" * 5000, "not_json"),
    ("[" * 10_000, "not_json"),
    ("[" * 16_000 + "]" * 16_000, "not_json"),
    ('{"action":' * 3_000, "not_json"),
    ("{}", "unknown_action"),
    ('{"action":"open_sesame"}', "unknown_action"),
    ('{"action":["ring"]}', "unknown_action"),
    ('{"action":"enter_code"}', "missing_field"),
    ('{"action":"enter_code","code":42137}', "bad_field"),
    ('{"action":"enter_code","code":"12345"}', "bad_field"),
    ('{"action":"enter_code","code":"١٢٣٤٥٦"}', "bad_field"),
    ('{"action":"ring","press":"yesterday"}', "bad_field"),
    ('{"action":"ring","age":-1}', "bad_field"),
    ('{"action":"ring","age":NaN}', "bad_field"),
    ('{"action":"ring","age":1e999}', "bad_field"),
    ('{"action":"ring","age":true}', "bad_field"),
    ('{"action":"opened","open":"never-ordered"}', "not_allowed"),
    ('{"action":"answer","ring":"r","answer":"let_in"}', "not_allowed"),
    (json.dumps({"action": "ping", "padding": "x" * 33_000}), "too_long"),
    # AWS closes binary frames itself (1003); the one machine hands them on.
    (b"\x00\x01\xff", "not_json"),
]


@pytest.mark.parametrize(("frame", "name"), FRAMES, ids=range(len(FRAMES)))
def test_a_frame_that_cannot_be_served_is_answered_by_name_and_the_connection_stays(
    stack: Stack, frame: str | bytes, name: str
) -> None:
    headers = {"Authorization": f"Bearer {stack.tokens['door']}"}
    with connect(stack.websocket, additional_headers=headers, proxy=None) as door:
        door.send(frame)
        answer = read_message(str(door.recv(timeout=10)))
        assert isinstance(answer, Error)
        assert answer.error == name
        assert answer.message.endswith(".")
        door.send('{"action":"ping"}')
        assert isinstance(read_message(str(door.recv(timeout=10))), Pong)
