"""The schemas of the bus judge what is put on it: every event there is, and nothing else."""

from __future__ import annotations

import json
import types
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from doorbell import events
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.protocol import REASONS
from tests.docs.documents import ROOT, Tree
from tests.doorbell.aws.pools import ScriptedPool, said, some_client

EVENTS: Final = {event.__name__: event for event in get_args(events.Event)}
SCHEMAS: Final[dict[str, Tree]] = {
    file.stem: json.loads(file.read_text("utf-8")) for file in (ROOT / "docs/events").glob("*.json")
}
DECISIONS: Final = ("resident", *REASONS)


def put_on_the_bus(event: events.Event) -> tuple[str, Tree]:
    """Its detail-type and its detail, as a listener gets them."""
    pool = ScriptedPool(said({"FailedEntryCount": 0}))
    EventBridgeBus(some_client(pool), "bus").publish(event)
    (entry,) = pool.requests[0].given["Entries"]
    return entry["DetailType"], json.loads(entry["Detail"])


def values(field: str, kind: Any) -> st.SearchStrategy[Any]:
    """Whatever may stand in a field."""
    if field == "decision":
        return st.sampled_from(DECISIONS)
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if kind in (bool, bool | None):
        return st.booleans() if kind is bool else st.booleans() | st.none()
    if kind is int:
        return st.integers(0, 10**9)
    if kind in (float, float | None):
        return st.floats(0, 1e10) if kind is float else st.floats(0, 1e10) | st.none()
    text = st.text(min_size=1)
    return text | st.none() if get_origin(kind) is types.UnionType else text


def any_event() -> st.SearchStrategy[Any]:
    """An event of any kind with whatever its fields may hold."""
    return st.one_of(*(_of_kind(event) for event in EVENTS.values()))


def _of_kind(event: Any) -> st.SearchStrategy[Any]:
    fields = get_type_hints(event)
    return st.builds(event, **{name: values(name, kind) for name, kind in fields.items()})


def fits(name: str, detail: Tree) -> bool:
    """What the schema says."""
    return bool(Draft7Validator(SCHEMAS[name]).is_valid(detail))


def test_each_event_has_its_schema_and_no_schema_is_left_over() -> None:
    assert set(SCHEMAS) == set(EVENTS)
    for name, schema in SCHEMAS.items():
        Draft7Validator.check_schema(schema)
        assert schema["title"] == name
        assert list(schema["properties"]) == list(EVENTS[name]._fields)


@given(any_event())
def test_whatever_is_put_on_the_bus_fits_its_schema(event: events.Event) -> None:
    name, detail = put_on_the_bus(event)
    assert fits(name, detail)


@given(any_event(), st.data())
def test_a_field_that_is_missing_unknown_or_empty_does_not_fit(
    event: events.Event, data: st.DataObject
) -> None:
    name, detail = put_on_the_bus(event)
    required = data.draw(st.sampled_from(SCHEMAS[name]["required"]))
    assert not fits(name, {key: value for key, value in detail.items() if key != required})
    assert not fits(name, detail | {required: ""})
    assert not fits(name, detail | {required: None})
    assert not fits(name, detail | {"code": "042137"})


@pytest.mark.parametrize("name", EVENTS)
def test_only_a_field_that_may_be_empty_may_be_left_out(name: str) -> None:
    fields = get_type_hints(EVENTS[name])
    always = [field for field, kind in fields.items() if get_origin(kind) is not types.UnionType]
    assert SCHEMAS[name]["required"] == always


def test_a_word_that_no_event_says_does_not_fit() -> None:
    where: Tree = {"home": "home", "door": "door", "ring": "ring"}
    assert fits("RingDecided", where | {"decision": "no_face"})
    assert not fits("RingDecided", where | {"decision": "friend"})
    where["ticketed"] = True
    assert fits("RingPressed", where | {"kind": "repeat"})
    assert not fits("RingPressed", where | {"kind": "friendly"})


def test_the_words_are_those_of_the_domain() -> None:
    kinds = get_args(get_type_hints(events.RingPressed)["kind"])
    assert SCHEMAS["RingPressed"]["properties"]["kind"]["enum"] == list(kinds)
    assert SCHEMAS["RingDecided"]["properties"]["decision"]["enum"] == list(DECISIONS)
