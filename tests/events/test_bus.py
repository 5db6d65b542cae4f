"""Our own events and Step Functions', in EventBridge's documented envelope, at who is woken."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.protocol import RingThrough
from functions.film import entry as film
from functions.ring_path.entry import handler
from tests.docs.test_events import SCHEMAS
from tests.events.documented import change, forms, in_form
from tests.events.rules import MADE, Rule, rules
from tests.statemachines.asl import FILES, definition, read_paths
from tests.template.sources import functions

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.protocol import Message
    from tests.doorbell.films.fakes import Studio
    from tests.events.conftest import House
    from tests.template.sources import Tree

OURS = rules("doorbell")
STATUS = "execution-status-change"
KNOWN = {
    "home": "home", "door": "front", "device": "front", "ring": "ring-1", "camera": "camera",
    "key": "pictures/home/camera/2023/11/14/221320-000-gate.jpeg",
}  # fmt: skip
"""Names of things that there are, by field."""
ALWAYS = {("FilmMade", "ring"): ["ring"], ("FilmFailed", ""): ["ring"]}
"""What an event of this kind has besides, if it is of the first sort that its schema names."""


def told(kind: str, form: str, *, all_fields: bool) -> Tree:
    """An event of ours with the whole of its detail, or with what is always there."""
    schema = SCHEMAS[kind]
    fields = schema["properties"] if all_fields else schema["required"]
    detail = {field: _value(field, schema["properties"][field]) for field in fields}
    for field in ALWAYS.get((kind, detail.get("film", "")), []):
        detail[field] = KNOWN[field]
    return in_form(form, "bus-event") | {"detail-type": kind, "detail": detail}


def _value(field: str, schema: Tree) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    plain = {"boolean": True, "integer": 1, "number": 1_700_000_000.0}
    return KNOWN.get(field) or plain.get(schema["type"], "x")


def passing(rule: Rule) -> list[Tree]:
    """Events of each kind, in each form, that the rule lets pass."""
    wanted = rule.properties["Pattern"].get("detail", {})
    events = [
        told(kind, form, all_fields=all_fields)
        for kind in rule.kinds
        for form in forms("bus-event")
        for all_fields in (True, False)
    ]
    for event in events:
        event["detail"] |= {field: values[0] for field, values in wanted.items()}
        assert rule.passes(event), event
    return events


def entry_of(function: str) -> Callable[[Tree, object], Any]:
    """The entry point that the template names."""
    module, _, name = functions()[function]["Handler"].rpartition(".")
    called: Callable[[Tree, object], Any] = getattr(importlib.import_module(module), name)
    return called


@pytest.mark.parametrize("rule", [r for r in OURS if r.target not in FILES], ids=str)
@pytest.mark.usefixtures("house", "home", "told", "world")
def test_a_function_takes_every_event_that_its_rules_let_pass(rule: Rule) -> None:
    """Whatever may be absent from envelope and detail; a job that fails raises."""
    handle = entry_of(rule.target)
    for event in passing(rule):
        handle(rule.arriving(event), None)


@pytest.mark.parametrize("rule", [r for r in OURS if r.target in FILES], ids=str)
def test_a_machine_gets_all_that_it_reads_of_its_input(rule: Rule) -> None:
    """What it reads after it has looked which kind came is what that kind always has."""
    read = read_paths("input", definition(rule.target))
    for event in passing(rule):
        given = rule.arriving(event)
        there = {f"detail.{field}" for field in given.get("detail", {})} | set(given)
        missing = {path for path in read if path not in there}
        others = {f"detail.{field}" for kind in _kinds(rule) for field in SCHEMAS[kind]["required"]}
        assert missing <= others - there, missing


def _kinds(rule: Rule) -> list[str]:
    """The kinds of event that this rule's machine gets by its other rules."""
    return [k for r in OURS if r.target == rule.target and r.name != rule.name for k in r.kinds]


# --- Step Functions ------------------------------------------------------------------


@pytest.mark.parametrize("form", forms(STATUS))
def test_a_failed_decision_rings(house: House, form: str) -> None:
    """The rule lets the documented event pass, and the bell sounds."""
    (rule,) = [each for each in rules("aws.states") if each.target == "RingPath"]
    event = in_form(form, STATUS)
    assert rule.passes(event)
    handler(rule.arriving(event), None)
    assert any(isinstance(each, RingThrough) for each in heard(house))


@pytest.mark.parametrize("form", forms(STATUS))
def test_a_film_whose_execution_was_stopped_is_told_to_fail(studio: Studio, form: str) -> None:
    """Of a camera's film: its input names the period, and the phones wait for it no longer."""
    (rule,) = [each for each in rules("aws.states") if each.target == "Film"]
    event = in_form(form, STATUS)
    period = {"home": "home", "camera": "camera", "start": 1_700_000_000, "end": 1_700_086_400}
    event["detail"] |= {"stateMachineArn": MADE["StopMotion"], "input": json.dumps(period)}
    assert rule.passes(event)
    film.handler(rule.arriving(event), None)
    assert [type(each).__name__ for each in studio.house.bus.events] == ["FilmFailed"]


@pytest.mark.parametrize("status", ["RUNNING", "SUCCEEDED", "PENDING_REDRIVE"])
def test_a_decision_that_did_not_fail_passes_no_rule(status: str) -> None:
    (rule,) = [each for each in rules("aws.states") if each.target == "RingPath"]
    event = in_form("whole", STATUS)
    event["detail"]["status"] = status
    assert not rule.passes(event)


@pytest.mark.parametrize("absent", [True, False])
def test_an_input_that_is_left_out_names_no_ring_and_is_no_error(
    house: House, absent: bool
) -> None:
    """Over 248 KB it is. Ours has 200 bytes, so that this is somebody else's; the alarm rings."""
    event = in_form("whole", STATUS)
    event["detail"]["inputDetails"] = {"included": False}
    if absent:
        change(event, "detail.input")
    else:
        event["detail"]["input"] = None
    assert handler(event, None) == {"statusCode": 200}
    assert heard(house) == []


def heard(house: House) -> list[Message]:
    """All that the door was told."""
    return house.made.heard(house.door)
