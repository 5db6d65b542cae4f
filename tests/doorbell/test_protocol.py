"""The socket protocol: what is written reads back, and nothing that arrives is taken on trust."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell import protocol
from doorbell.errors import FilmFailure, MessageError
from doorbell.protocol import (
    ERRORS,
    MAX_FRAME_BYTES,
    REASONS,
    REFUSALS,
    ROLES,
    Answer,
    EnterCode,
    Message,
    Request,
    Ring,
    frames,
    message_frame,
    read_message,
    read_request,
    request_frame,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
any_text = st.text(st.characters(exclude_categories=()))
ids = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
digits = st.from_regex(r"[0-9]{6}", fullmatch=True)
seconds = st.integers(0, protocol.MAX_AGE_SECONDS)
maybe_id = st.none() | ids
times = st.floats(0, 10_000_000_000)
counts = st.integers(0, 10_000_000)
reasons = st.sampled_from(REASONS)
maybe_text = st.none() | text
uploads = st.builds(protocol.Upload, st.just("PUT"), text, st.dictionaries(text, text, max_size=3))

REQUESTS: dict[type, st.SearchStrategy[Any]] = {
    protocol.Hello: st.builds(protocol.Hello),
    protocol.Ping: st.builds(protocol.Ping),
    Ring: st.builds(Ring, st.none() | st.uuids().map(str), st.floats(0, protocol.MAX_AGE_SECONDS)),
    EnterCode: st.builds(EnterCode, digits),
    protocol.Opened: st.builds(protocol.Opened, ids),
    Answer: st.builds(Answer, ids, st.sampled_from(("let_in", "decline"))),
    protocol.Got: st.builds(protocol.Got, ids),
}
MESSAGES: dict[type, st.SearchStrategy[Any]] = {
    protocol.Ticket: st.builds(
        protocol.Ticket,
        ids,
        uploads,
        seconds,
        st.none() | st.uuids().map(str),
        st.none() | uploads,
    ),
    protocol.Welcome: st.builds(protocol.Welcome, ids, maybe_text),
    protocol.Code: st.builds(protocol.Code, ids, digits, seconds, maybe_text, maybe_text),
    protocol.RingThrough: st.builds(protocol.RingThrough, ids, reasons, st.none() | seconds),
    protocol.Open: st.builds(
        protocol.Open, ids, maybe_id, st.integers(1, 60), seconds, st.none() | times
    ),
    protocol.Acknowledged: st.builds(protocol.Acknowledged, ids),
    protocol.Refused: st.builds(
        protocol.Refused, st.sampled_from(REFUSALS), counts, st.none() | seconds
    ),
    protocol.Declined: st.builds(protocol.Declined, ids, maybe_text),
    protocol.NoAnswer: st.builds(protocol.NoAnswer, ids),
    protocol.Pressed: st.builds(protocol.Pressed, ids, text),
    protocol.Visitor: st.builds(protocol.Visitor, ids, text, reasons, seconds, maybe_text),
    protocol.DoorOpened: st.builds(protocol.DoorOpened, maybe_id, text),
    protocol.NotOpened: st.builds(protocol.NotOpened, maybe_id),
    protocol.Missed: st.builds(protocol.Missed, ids, text, reasons, maybe_text),
    protocol.Film: st.builds(protocol.Film, ids, text, text, st.none() | st.booleans()),
    protocol.CameraFilm: st.builds(
        protocol.CameraFilm, ids, text, ids, times, times, counts, counts, text, text
    ),
    protocol.CameraFilmFailed: st.builds(
        protocol.CameraFilmFailed,
        ids,
        text,
        ids,
        times,
        times,
        st.sampled_from(get_args(FilmFailure)),
    ),
    protocol.Enrolled: st.builds(protocol.Enrolled, text, counts),
    protocol.EnrolmentFailed: st.builds(
        protocol.EnrolmentFailed, text, st.sampled_from(get_args(protocol.EnrolmentFailure))
    ),
    protocol.HelloAnswer: st.builds(protocol.HelloAnswer, st.sampled_from(ROLES), times),
    protocol.Pong: st.builds(protocol.Pong, st.none() | times),
    protocol.Error: st.builds(protocol.Error, st.sampled_from(ERRORS), text),
}


def refusal(frame: str) -> MessageError:
    """How `read_request` refuses this frame."""
    with pytest.raises(MessageError) as refused:
        read_request(frame)
    return refused.value


def test_every_kind_of_frame_is_tried_here() -> None:
    assert set(REQUESTS) == set(get_args(Request))
    assert set(MESSAGES) == set(get_args(Message))


@given(st.one_of(*REQUESTS.values()))
def test_a_request_reads_back(request: Request) -> None:
    assert read_request(request_frame(request)) == request


@given(st.one_of(*MESSAGES.values()))
def test_a_message_reads_back(message: Message) -> None:
    frame = message_frame(message)
    assert read_message(frame) == message
    assert None not in json.loads(frame).values()


@given(any_text)
@example("")
@example("null")
@example("[]")
@example("NaN")
@example("\ud800")
@example('"ring"')
@example("[" * 30_000)
@example('{"a":' * 6_000)
@example('{"action":["ring"]}')
@example('{"action":{"ring":1}}')
@example('{"action":"\\ud800"}')
@example('{"action":"ring","age":' + "9" * 5_000 + "}")
def test_any_text_is_refused_by_name_and_in_words(frame: str) -> None:
    for read in (read_request, read_message):
        with pytest.raises(MessageError) as refused:
            read(frame)
        assert refused.value.name in ERRORS
        assert str(refused.value).endswith(".")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(frames._MESSAGES)), st.data())
def test_any_values_in_any_known_fields_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    """Both ways: what is read is what its class says, and can be written again."""
    fields = {name: data.draw(json_values) for name in frames._MESSAGES[kind][1]}
    try:
        message = read_message(json.dumps({"type": kind, **fields}))
    except MessageError as error:
        refused = error.name
    else:
        assert read_message(message_frame(message)) == message
        return
    assert refused in ("missing_field", "bad_field")


@given(st.sampled_from(sorted(frames._REQUESTS)), st.data())
def test_any_values_in_a_requests_fields_are_read_or_refused(
    kind: str, data: st.DataObject
) -> None:
    fields = {name: data.draw(json_values) for name in frames._REQUESTS[kind][1]}
    try:
        request = read_request(json.dumps({"action": kind, **fields}))
    except MessageError as error:
        refused = error.name
    else:
        assert read_request(request_frame(request)) == request
        return
    assert refused in ("missing_field", "bad_field")


@pytest.mark.parametrize(
    "age",
    ["NaN", "Infinity", "-Infinity", "1e999", "-1", "1" + "0" * 400, "true", "false", '"1"', "[1]"],
)
def test_an_age_is_a_number_in_range(age: str) -> None:
    assert refusal(f'{{"action":"ring","age":{age}}}').name == "bad_field"


@pytest.mark.parametrize("headers", ["null", "[]", '{"Content-Type":1}', '{"a":"b","c":null}'])
def test_a_ticket_s_headers_are_texts(headers: str) -> None:
    """The door sends them as they are."""
    upload = f'{{"method":"PUT","url":"https://x.example/","headers":{headers}}}'
    with pytest.raises(MessageError, match="must hold method, url and headers"):
        read_message(f'{{"type":"ticket","ring":"r","upload":{upload},"expires_in":300}}')


@pytest.mark.parametrize(("age", "read"), [("0", 0.0), ("2592000", 2592000.0), ("1e1", 10.0)])
def test_ages_up_to_a_month_are_believed(age: str, read: float) -> None:
    assert read_request(f'{{"action":"ring","age":{age}}}') == Ring(None, read)


@pytest.mark.parametrize(("name", "read"), [("Zoë\n☺", True), ("", True), ("a\ud800", False)])
def test_a_text_is_any_that_can_be_written_as_utf_8(name: str, read: bool) -> None:
    """Half a character would break whoever prints it or keeps it."""
    frame = json.dumps({"type": "pressed", "ring": "r", "door": name})
    if read:
        assert read_message(frame) == protocol.Pressed("r", name)
    else:
        with pytest.raises(MessageError, match="`door` must be text"):
            read_message(frame)


def test_an_older_press_is_not_believed() -> None:
    assert refusal('{"action":"ring","age":2592000.1}').name == "bad_field"


@pytest.mark.parametrize(
    "code", ["42137", "0421377", "04213a", "04213\n", "٠٤٢١٣٧", " 42137", "+42137", "-42137", ""]
)
def test_a_code_is_six_plain_digits(code: str) -> None:
    assert refusal(json.dumps({"action": "enter_code", "code": code})).name == "bad_field"


def test_a_code_as_a_number_is_refused_for_its_zeros_would_be_lost() -> None:
    assert refusal('{"action":"enter_code","code":421370}').name == "bad_field"


@pytest.mark.parametrize(
    "ring", ["", "a" * 65, "a#b", "a/b", "../x", "a b", "ä", 1, True, [], {}, 1.5]
)
def test_an_id_is_letters_digits_and_hyphens(ring: object) -> None:
    frame = json.dumps({"action": "answer", "ring": ring, "answer": "let_in"})
    assert refusal(frame).name == "bad_field"


@pytest.mark.parametrize("answer", ["LET_IN", "open", "let_in ", "", 1, True, ["let_in"]])
def test_an_answer_is_one_of_two(answer: object) -> None:
    frame = json.dumps({"action": "answer", "ring": "r", "answer": answer})
    assert refusal(frame).name == "bad_field"


@pytest.mark.parametrize(
    "press", ["1", "123e4567e89b42d3a456426614174000", "{123e4567-e89b-42d3-a456-426614174000}"]
)
def test_a_press_is_a_uuid(press: str) -> None:
    assert refusal(json.dumps({"action": "ring", "press": press})).name == "bad_field"


@pytest.mark.parametrize(
    "frame",
    [
        '{"action":"enter_code"}',
        '{"action":"enter_code","code":null}',
        '{"action":"answer","ring":"r"}',
        '{"action":"opened"}',
    ],
)
def test_what_is_missing_is_named(frame: str) -> None:
    error = refusal(frame)
    assert error.name == "missing_field"
    assert "`" in error.message


@pytest.mark.parametrize("action", ["Ring", "ring ", "", "open", "__class__", "let_in"])
def test_an_unknown_action_is_refused_with_those_there_are(action: str) -> None:
    error = refusal(json.dumps({"action": action}))
    assert error.name == "unknown_action"
    assert "enter_code" in error.message


def test_fields_of_a_later_protocol_are_passed_over() -> None:
    frame = '{"action":"enter_code","code":"042137","mood":{"of":["the","door"]},"type":"open"}'
    assert read_request(frame) == EnterCode("042137")


@pytest.mark.parametrize("letter", ["a", "ä", "€", "\ud800"])
def test_32_kilobytes_are_the_most_counted_in_bytes(letter: str) -> None:
    """A frame of just so many is read; one byte more is too long, whatever is in it."""
    head, tail = '{"action":"ping","pad":"', '"}'
    room = MAX_FRAME_BYTES - len(head) - len(tail)
    width = len(letter.encode("utf-8", "surrogatepass"))
    full = head + letter * (room // width) + "x" * (room % width) + tail
    assert read_request(full) == protocol.Ping()
    assert refusal(full.replace('"}', 'x"}')).name == "too_long"


def test_a_refusal_repeats_nothing_of_what_was_sent() -> None:
    """It goes back over the socket, and errors find their way into logs."""
    frames: list[Mapping[str, object]] = [
        {"action": "enter_code", "code": "13131313"},
        {"action": "answer", "ring": "13131313!", "answer": "let_in"},
        {"action": "13131313"},
    ]
    for frame in frames:
        assert "1313" not in refusal(json.dumps(frame)).message
