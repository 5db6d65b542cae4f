"""The protocol in prose says what the code does."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import pytest
from samtranslator.yaml_helper import yaml_parse

from doorbell import events
from doorbell.model import PressKind
from doorbell.protocol import (
    ERRORS,
    MAX_AGE_SECONDS,
    MAX_FRAME_BYTES,
    REASONS,
    REFUSALS,
    EnrolmentFailure,
    Message,
    Request,
    frames,
    message_frame,
    read_message,
    read_request,
    request_frame,
)
from doorbell.settings import Settings
from doorbell_client.door.burst import MOST_FRAMES
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.link.line import LinkTimeouts
from tests.docs.documents import ROOT, Tree, json_blocks, prose, section, table
from websocket.frame import _ROUTES

PROTOCOL = prose("protocol.md")
EXAMPLES = json_blocks(PROTOCOL)


def written_again(example: Tree) -> tuple[Request | Message, str]:
    """What the reader makes of an example, and the frame that is written for it."""
    frame = json.dumps(example)
    if "action" in example:
        request = read_request(frame)
        return request, request_frame(request)
    message = read_message(frame)
    return message, message_frame(message)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("action") or e.get("type"))
def test_an_example_is_a_frame_that_is_read_and_written_again_as_it_stands(example: Tree) -> None:
    _, frame = written_again(example)
    assert json.loads(frame) == example


def test_every_frame_there_is_has_an_example() -> None:
    shown = {type(written_again(example)[0]) for example in EXAMPLES}
    assert shown == {*get_args(Request), *get_args(Message)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("action") or e.get("type"))
def test_an_example_stands_under_its_own_name(example: Tree) -> None:
    name = example.get("action") or example["type"]
    block = re.escape(json.dumps(name))
    assert re.search(rf"#+ `{name}`[^\n]*\n\n```json\n\{{\s*\"(action|type)\": {block}", PROTOCOL)


@pytest.mark.parametrize(
    ("heading", "column", "names"),
    [
        ("## Reasons", "reason", REASONS),
        ("## Refusals", "reason", REFUSALS),
        ("## Errors", "error", ERRORS),
        ("## Enrolment failures", "reason", get_args(EnrolmentFailure)),
    ],
)
def test_a_closed_list_is_whole_and_says_when_each_comes(
    heading: str, column: str, names: tuple[str, ...]
) -> None:
    listed = table(section(PROTOCOL, heading), column)
    assert tuple(listed) == names
    assert all(len(when) == 1 and when[0] for when in listed.values())


def test_who_may_send_what_is_what_the_cloud_lets_pass() -> None:
    allowed = {
        frames._ACTION_OF[request]: ", ".join(route.roles) for request, route in _ROUTES.items()
    }
    listed = table(section(PROTOCOL, "## What devices send"), "action")
    assert {action: cells[0] for action, cells in listed.items()} == allowed


def test_the_limits_are_the_template_s_parameters_with_their_defaults() -> None:
    parameters: dict[str, dict[str, Any]] = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))[
        "Parameters"
    ]
    listed = table(section(PROTOCOL, "## Limits"), "parameter")
    assert {name: cells[0] for name, cells in listed.items()} == {
        name: str(parameters[name]["Default"]) for name in listed
    }
    fields = {name.replace("answer_within", "answer_seconds") for name in Settings._fields}
    assert {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in listed} == {
        *fields,
        "photo_seconds",
        "got_seconds",
    }


@pytest.mark.parametrize(
    ("rule", "figure"),
    [
        ("A press within {:g} s of the ring under way", Settings().ring_gap),
        ("A press with an `age` over {:g} s is late", Settings().late_after),
        ("A photo over {:g} s after its press", Settings().late_after),
        ("Over {} rings of one door in an hour", Settings().rings_per_hour),
        ("lives for {} s", Settings().code_life),
        ("tries: {} for a ring", Settings().tries_per_ring),
        ("{} for a door in an hour", Settings().tries_per_hour),
        ("within {} s of the order", Settings().open_valid_for),
        ("At most {} pictures and 20 MB", MOST_FRAMES),
        ("has come {:g} s after the press", DoorTimeouts().decision),
        ("comes within {:g} s of one", LinkTimeouts().pong),
        ("while somebody is at the door after {:g} s", LinkTimeouts().busy_ping),
        ("comes for another {:g} s, give the line up", LinkTimeouts().busy_pong),
        ("has lived for {:g} s", LinkTimeouts().stable),
        (
            "`age` the seconds since the finger was on the button, {:g} days",
            MAX_AGE_SECONDS / 86400,
        ),
        ("| one frame | {:g} KB |", MAX_FRAME_BYTES / 1024),
    ],
)
def test_a_rule_has_the_code_s_figure(rule: str, figure: float) -> None:
    assert rule.format(figure) in PROTOCOL


def test_every_event_of_the_bus_is_listed_with_its_fields() -> None:
    listed = table(prose("events.md"), "detail-type")
    assert {name: re.findall(r"`(\w+)`", cells[0]) for name, cells in listed.items()} == {
        event.__name__: list(event._fields) for event in get_args(events.Event)
    }


def test_every_kind_of_press_is_listed() -> None:
    assert tuple(table(prose("events.md"), "kind")) == get_args(PressKind)
