"""The protocol for machines: a whole AsyncAPI document whose schemas judge as the readers do."""

from __future__ import annotations

import copy
import json
import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from doorbell.errors import MessageError
from doorbell.protocol import (
    ERRORS,
    MAX_AGE_SECONDS,
    REASONS,
    REFUSALS,
    EnrolmentFailure,
    Request,
    frames,
    message_frame,
    read_message,
    read_request,
    request_frame,
)
from tests.docs.documents import Tree, asyncapi, follow, payload_validator, references

DOCUMENT = asyncapi()
MESSAGES: dict[str, Tree] = DOCUMENT["components"]["messages"]
SCHEMAS: dict[str, Tree] = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, Tree] = DOCUMENT["operations"]
EXAMPLES = [(name, e["payload"]) for name, m in MESSAGES.items() for e in m["examples"]]
REQUESTS = {request.__name__ for request in get_args(Request)}
VALIDATORS = {name: payload_validator(DOCUMENT, name) for name in MESSAGES}


# --- the document ---------------------------------------------------------------


def test_it_has_what_asyncapi_3_demands() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert set(DOCUMENT) <= {
        *("asyncapi", "id", "info", "servers", "defaultContentType"),
        *("channels", "operations", "components"),
    }
    assert DOCUMENT["info"]["title"]
    assert DOCUMENT["info"]["version"]
    assert all({"host", "protocol"} <= set(server) for server in DOCUMENT["servers"].values())
    assert all(scheme["type"] for scheme in DOCUMENT["components"]["securitySchemes"].values())
    for operation in OPERATIONS.values():
        assert operation["action"] in ("send", "receive")
        assert "address" in follow(DOCUMENT, operation["channel"]["$ref"])


def test_every_name_may_stand_in_a_reference() -> None:
    names = [name for kind in DOCUMENT["components"].values() for name in kind]
    assert all(re.fullmatch(r"[\w.-]+", name) for name in names)


def test_every_variable_of_a_server_s_url_is_explained() -> None:
    for server in DOCUMENT["servers"].values():
        used = re.findall(r"\{(\w+)\}", server["host"] + server["pathname"])
        assert set(used) == set(server["variables"])


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        assert follow(DOCUMENT, reference)


def test_every_message_has_its_place_in_the_channel_and_in_an_operation() -> None:
    channel = DOCUMENT["channels"]["socket"]["messages"]
    assert channel == {name: {"$ref": f"#/components/messages/{name}"} for name in MESSAGES}
    used = {m["$ref"] for operation in OPERATIONS.values() for m in operation["messages"]}
    assert used == {f"#/channels/socket/messages/{name}" for name in MESSAGES}


def test_every_schema_is_a_schema() -> None:
    for schema in [*SCHEMAS.values(), *(m["payload"] for m in MESSAGES.values())]:
        Draft7Validator.check_schema(schema)


# --- the same as the code ---------------------------------------------------------


def test_every_frame_there_is_is_described_under_its_class_and_its_own_name() -> None:
    names = {kind.__name__: name for kind, name in frames._ACTION_OF.items()}
    names |= {kind.__name__: name for kind, name in frames._TYPE_OF.items()}
    assert {name: message["name"] for name, message in MESSAGES.items()} == names


def test_the_cloud_receives_requests_and_sends_the_rest() -> None:
    for operation in OPERATIONS.values():
        named = {m["$ref"].rsplit("/", 1)[-1] for m in operation["messages"]}
        if operation["action"] == "receive":
            assert named <= REQUESTS
        else:
            assert not named & REQUESTS


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("Reason", REASONS),
        ("Refusal", REFUSALS),
        ("ErrorName", ERRORS),
        ("EnrolmentFailure", get_args(EnrolmentFailure)),
    ],
)
def test_a_closed_list_is_the_code_s(schema: str, names: tuple[str, ...]) -> None:
    assert tuple(SCHEMAS[schema]["enum"]) == names


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_fits_its_schema_and_is_read_and_written_again(name: str, example: Tree) -> None:
    VALIDATORS[name].validate(example)
    frame = json.dumps(example)
    if name in REQUESTS:
        request = read_request(frame)
        assert type(request).__name__ == name
        written = request_frame(request)
        assert read_request(written) == request
    else:
        message = read_message(frame)
        assert type(message).__name__ == name
        written = message_frame(message)
    assert example.items() <= json.loads(written).items()


# --- schema and reader agree ---------------------------------------------------------


NUMBERS: list[object] = [
    *(-1, -0.1, -0.0, 0, 0.5, 1, 1.0, 1.5, 0.9, 59.5, 60, 60.0, 60.5, 61),
    *(MAX_AGE_SECONDS - 1, MAX_AGE_SECONDS, float(MAX_AGE_SECONDS), MAX_AGE_SECONDS + 0.5),
    *(MAX_AGE_SECONDS + 1, 9_999_999, 10_000_000, 10_000_001, 10**400, -(10**400), 1e308),
]
STRINGS: list[object] = [
    *("", " ", "\n", "a", "-", "_", "a" * 64, "a" * 65, "a\n", "\na", "a b", "a/b", "ä", "٤"),
    *("042137", "42137", "0421377", "042137\n", "04213a", "٠٤٢١٣٧"),
    *("123e4567-e89b-42d3-a456-426614174000", "123E4567-E89B-42D3-A456-426614174000"),
    *("123e4567-e89b-42d3-a456-426614174000\n", "123e4567e89b42d3a456426614174000"),
    *("123e4567-e89b-42d3-a456-42661417400", "g23e4567-e89b-42d3-a456-426614174000"),
    *("let_in", "decline", "LET_IN", "let_in ", "PUT", "POST"),
    *(*REASONS, *REFUSALS, *ERRORS, *get_args(EnrolmentFailure), *sorted(frames._MESSAGES)),
    *(*frames._REQUESTS, "\ud800", "a\udfffb", "\U0001f514", "\u2028", "\x00"),
]
UPLOADS: list[object] = [
    {"method": "PUT", "url": "", "headers": {}},
    {"method": "PUT", "url": "u", "headers": {"a": "b"}, "later": 1},
    {"method": "PUT", "url": "u", "headers": {"a": 1}},
    {"method": "PUT", "url": "u", "headers": {"a": None}},
    {"method": "PUT", "url": "u", "headers": []},
    {"method": "PUT", "url": "u", "headers": None},
    {"method": "PUT", "url": "\ud800", "headers": {"\ud800": "\udfff"}},
    {"method": "PUT", "url": None, "headers": {}},
    {"method": "put", "url": "u", "headers": {}},
    {"method": "POST", "url": "u", "headers": {}},
    {"method": "PUT", "url": "u"},
    {"method": "PUT", "headers": {}},
    {"url": "u", "headers": {}},
]
VALUES = [*NUMBERS, *STRINGS, *UPLOADS, None, True, False, [], {}, [1], {"a": 1}, ["042137"]]

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
values = st.sampled_from(VALUES) | any_json


def fields_of(name: str) -> list[str]:
    """The fields of a message, its tag among them."""
    return list(MESSAGES[name]["payload"]["properties"])


def verdicts(name: str, payload: object) -> tuple[bool, bool]:
    """What the schema says of a payload, and what the reader says."""
    frame = json.dumps(payload)
    try:
        read = (read_request if name in REQUESTS else read_message)(frame)
        accepted = type(read).__name__ == name
    except MessageError:
        accepted = False
    return VALIDATORS[name].is_valid(json.loads(frame)), accepted


@pytest.mark.parametrize("name", MESSAGES)
def test_schema_and_reader_agree_on_every_boundary_of_every_field(name: str) -> None:
    for example in (payload for known, payload in EXAMPLES if known == name):
        for field in fields_of(name):
            without = {key: value for key, value in example.items() if key != field}
            for payload in (without, *({**example, field: value} for value in VALUES)):
                schema, reader = verdicts(name, payload)
                assert schema == reader, payload


@given(st.sampled_from(EXAMPLES), st.data())
def test_schema_and_reader_agree_whatever_is_changed(
    known: tuple[str, Tree], data: st.DataObject
) -> None:
    name, example = known
    names = st.sampled_from(fields_of(name)) | st.text(max_size=5)
    payload: dict[str, Any] = {
        **copy.deepcopy(example),
        **data.draw(st.dictionaries(names, values)),
    }
    for gone in data.draw(st.sets(st.sampled_from(sorted(payload)), max_size=2)):
        del payload[gone]
    schema, reader = verdicts(name, payload)
    assert schema == reader, payload


@given(st.sampled_from(sorted(MESSAGES)), any_json)
def test_what_is_no_such_message_at_all_is_refused_by_both(name: str, payload: object) -> None:
    assert verdicts(name, payload) == (False, False)


@given(st.sampled_from(EXAMPLES), st.dictionaries(st.text(min_size=1), values, max_size=3))
def test_fields_of_a_later_protocol_are_accepted_by_both(
    known: tuple[str, Tree], later: dict[str, object]
) -> None:
    name, example = known
    unknown = {field: value for field, value in later.items() if field not in fields_of(name)}
    assert verdicts(name, {**unknown, **example}) == (True, True)


def test_no_field_is_described_that_the_code_does_not_read() -> None:
    for tag, kinds in (("action", frames._REQUESTS), ("type", frames._MESSAGES)):
        for kind, checks in kinds.values():
            assert set(fields_of(kind.__name__)) == {tag, *checks}
