"""A lost event is read in each of AWS's forms: what it was, whose, why, and nothing secret."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.lost import show
from operations.lost_message import Lost, NotReadable, read_lost
from operations.lost_queue import Message
from operations.rule_input import made_input
from tests.operations.lost_messages import (
    FUNCTION,
    MACHINE,
    RULE,
    failed,
    given_up,
    object_created,
    pressed,
    undelivered,
)
from tests.template.sources import Tree, rendered

SECRET: Final = "s3cret"


def test_what_lambda_gave_up_goes_back_to_its_function_as_it_was() -> None:
    found = read_lost(given_up(pressed()), {})
    assert found == Lost(
        what="RingPressed",
        target=FUNCTION,
        why="RetriesExhausted after 3 tries: RingPressed: OSError at a.py:3",
        marks={"home": "home", "door": "front", "ring": "r1"},
        payload=pressed(),
    )
    assert found.whose == "doorbell-RingPath-abc"


def test_what_an_alias_was_called_for_goes_back_to_the_alias() -> None:
    """During a rollout it says which version works."""
    called = json.loads(given_up(pressed()))
    called["requestContext"]["functionArn"] = f"{FUNCTION}:live"
    found = read_lost(json.dumps(called), {})
    assert (found.target, found.resource) == (f"{FUNCTION}:live", FUNCTION)
    assert found.whose == "doorbell-RingPath-abc"


def test_what_a_rule_could_not_deliver_is_made_of_the_event_once_more() -> None:
    event = object_created("guest/home/r1/photo.jpeg")
    found = read_lost(json.dumps(event), undelivered(MACHINE))
    assert (found.what, found.target, found.rule) == ("Object Created", MACHINE, RULE)
    assert found.why == "NO_PERMISSIONS, MaximumRetryAttempts after 11 tries"
    assert found.marks == {"home": "home", "ring": "r1"}
    assert found.payload == event


def test_a_schedule_s_message_is_its_target_s_input() -> None:
    """It names no rule."""
    asked = {"home": "home", "camera": "yard"}
    attributes = {
        "SCHEDULE_ARN": "arn:aws:scheduler:eu-central-1:1:schedule/films/one",
        "TARGET_ARN": MACHINE,
        "ERROR_CODE": "AccessDeniedException",
        "RETRY_ATTEMPTS": "0",
    }
    found = read_lost(json.dumps(asked), attributes)
    assert (found.payload, found.rule, found.why) == (
        asked,
        "",
        "AccessDeniedException after 1 tries",
    )
    assert found.marks == asked


def test_a_failed_execution_is_started_again_with_what_it_was_given() -> None:
    asked = {"bucket": "b", "key": "residents/home/Ada/a.jpeg", "sequencer": "0"}
    found = read_lost(json.dumps(failed(asked)), {})
    assert (found.target, found.payload, found.rule) == (MACHINE, asked, "")
    assert found.why == "FAILED Rekognition.ProvisionedThroughputExceededException"
    assert found.marks == {"home": "home"}


def test_an_execution_whose_input_was_too_large_has_none() -> None:
    event = failed({})
    event["detail"]["input"] = None
    assert read_lost(json.dumps(event), {}).payload is None


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        (given_up(pressed(code=SECRET, token=SECRET, url=SECRET, by=SECRET)), {}),
        (given_up(pressed(), error=f"no such token: {SECRET}"), {}),
        (given_up({"do": "issue_code", "home": "home", "token": SECRET}), {}),
        (json.dumps(pressed(press=SECRET)), undelivered(FUNCTION)),
        (json.dumps(failed({"key": f"residents/home/{SECRET}/{SECRET}.jpeg"})), {}),
        (json.dumps(object_created(f"residents/home/{SECRET}/a.jpeg")), undelivered(MACHINE)),
    ],
)
def test_what_is_shown_holds_nothing_secret(
    body: str, attributes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """No code, token, URL or name, and no text of an error that may quote one."""
    show([Message("receipt", 0, read_lost(body, attributes))], 7200)
    said = capsys.readouterr().out
    assert "home" in said
    assert "2 h" in said
    assert SECRET not in said


_ANY: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)


@given(_ANY, st.dictionaries(st.sampled_from(["TARGET_ARN", "RULE_ARN", "ERROR_CODE"]), st.text()))
def test_whatever_lies_there_is_read_or_named_unreadable(
    body: Any, attributes: dict[str, str]
) -> None:
    for text in (json.dumps(body), str(body)):
        try:
            found = read_lost(text, attributes)
        except NotReadable:
            continue
        assert found.target == attributes["TARGET_ARN"]


RULES: Final[dict[str, Tree]] = {
    name: each["Properties"]["Targets"][0]
    for name, each in rendered()["Resources"].items()
    if each["Type"] == "AWS::Events::Rule"
}


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        ("VisitorPhotoCame", {"bucket": "bucket", "key": "guest/home/r1/x.jpeg", "size": 5}),
        (
            "EnrolPhotoCame",
            {"bucket": "bucket", "key": "guest/home/r1/x.jpeg", "sequencer": "00617F08299329D189"},
        ),
        ("FilmBurstCame", {"do": "film_burst", "key": "guest/home/r1/x.jpeg", "size": 5}),
        ("CamerasObjectCame", {"do": "object_came", "key": "guest/home/r1/x.jpeg"}),
        ("HouseholdLookAtDoors", {"do": "look_at_doors"}),
    ],
)
def test_a_rule_s_input_is_made_as_eventbridge_makes_it(rule: str, made: Tree) -> None:
    event = object_created("guest/home/r1/x.jpeg")
    assert made_input(RULES[rule], event) == made
    assert made_input(RULES[rule], made) == made, "what was made stays"


def test_a_rule_without_one_gives_the_event_itself_or_a_part_of_it() -> None:
    assert made_input(RULES["RingPathPressed"], pressed()) == pressed()
    assert made_input({"InputPath": "$.detail"}, pressed()) == pressed()["detail"]


def test_every_input_of_the_template_is_tried() -> None:
    """None has a form that is not known here."""
    formed = {
        name
        for name, target in RULES.items()
        if {"Input", "InputPath", "InputTransformer"} & set(target)
    }
    marks = test_a_rule_s_input_is_made_as_eventbridge_makes_it.pytestmark  # type: ignore[attr-defined]
    assert formed == {case[0] for case in marks[0].args[1]}
