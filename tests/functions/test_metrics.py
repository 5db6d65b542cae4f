"""Metrics are lines of the log in CloudWatch's embedded metric format, and they tell no home.

The rules are those of the Amazon CloudWatch User Guide, "Specification: Embedded metric format".
"""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from doorbell import events
from doorbell.model import OpenOrder
from doorbell.protocol import REASONS
from functions.household import entry
from functions.household.measure import metrics_of
from functions.shared.metrics import Metric, write_metrics
from functions.shared.run import JobFailed
from tests.docs.test_events import any_event, put_on_the_bus
from tests.fakes import DOOR, NOON, a_ring, keep_ring
from tests.household_fakes import make_household

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold

TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 1024, "pattern": r"\S"}
DIRECTIVE: Final = {
    "type": "object",
    "properties": {
        "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "maxItems": 30,
                "items": {"type": "string", "minLength": 1, "maxLength": 250},
            },
        },
        "Metrics": {
            "type": "array",
            "maxItems": 100,
            "items": {
                "type": "object",
                "properties": {
                    "Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                    "Unit": {"enum": ["Count", "Milliseconds"]},
                },
                "required": ["Name"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["Namespace", "Dimensions", "Metrics"],
    "additionalProperties": False,
}
ROOT: Final = {
    "type": "object",
    "properties": {
        "_aws": {
            "type": "object",
            "properties": {
                "Timestamp": {"type": "integer", "minimum": 0},
                "CloudWatchMetrics": {"type": "array", "items": DIRECTIVE},
            },
            "required": ["Timestamp", "CloudWatchMetrics"],
        }
    },
    "required": ["_aws"],
}
PER_STACK: Final = 40
"""Metrics that a stack may come to, at $0.30 a month for each that has a value all the time."""


def check(document: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """What the specification demands; the values by name and dimensions' values."""
    Draft7Validator(ROOT).validate(document)
    values: dict[tuple[str, ...], float] = {}
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive["Dimensions"]:
            for name in dimensions:
                Draft7Validator(TEXT).validate(document[name])
            for metric in directive["Metrics"]:
                value = document[metric["Name"]]
                assert isinstance(value, int | float)
                assert not isinstance(value, bool)
                values[metric["Name"], *(document[name] for name in dimensions)] = value
    return values


def told(event: events.Event, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, ...], float]:
    """What Household measures of an event, which the bus took two seconds after NOON."""
    name, detail = put_on_the_bus(event)
    at = {"detail-type": name, "time": "2023-11-14T22:13:22Z"}
    entry.handler({**at, "detail": detail}, None)
    return measured(capsys)


def measured(capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, ...], float]:
    """The values of all metrics that were written."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {k: v for line in lines if "_aws" in line for k, v in check(line).items()}


@pytest.mark.parametrize("kind", ["new", "limited", "late"])
def test_a_ring_is_counted(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str], kind: Any
) -> None:
    ring = keep_ring(made.made)
    assert told(events.RingPressed("home", DOOR.id, ring.id, kind), capsys) == {
        ("Rings", "doorbell"): 1
    }


def test_a_repeat_is_no_ring_of_its_own(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = keep_ring(made.made)
    assert told(events.RingPressed("home", DOOR.id, ring.id, "repeat"), capsys) == {}


def test_a_decision_is_counted_by_its_reason_and_what_it_took_is_measured(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = keep_ring(made.made, a_ring()._replace(announced_at=NOON + 0.4))
    made.clock.now = NOON + 2.75
    assert told(events.RingDecided("home", DOOR.id, ring.id, "stranger"), capsys) == {
        ("Decisions", "doorbell", "stranger"): 1,
        ("PressToDecision", "doorbell"): 2750,
        ("PressToNotice", "doorbell"): 400,
    }


def test_an_event_that_waited_does_not_make_its_ring_slow(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is tried for a day; the bus knows the second in which it took it."""
    ring = keep_ring(made.made)
    made.clock.now = NOON + 3600
    found = told(events.RingDecided("home", DOOR.id, ring.id, "stranger"), capsys)
    assert found["PressToDecision", "doorbell"] == 3000


def test_of_a_photo_that_came_late_no_wait_is_measured(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = keep_ring(made.made)
    assert told(events.RingDecided("home", DOOR.id, ring.id, "late"), capsys) == {
        ("Decisions", "doorbell", "late"): 1
    }


def test_an_open_door_is_counted_and_how_long_it_took_from_the_order(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    order = OpenOrder("order", "home", DOOR.id, "ring", "Ada", NOON + 15, NOON + 0.3)
    made.made.opens.add(order)
    keep_ring(made.made, a_ring()._replace(id="ring"))
    assert told(events.DoorOpened("home", DOOR.id, "ring", "Ada", "order"), capsys) == {
        ("Opens", "doorbell"): 1,
        ("OrderToOpen", "doorbell"): 300,
    }


@pytest.mark.parametrize(
    ("outcome", "metric"), [("missed", "Missed"), ("not_opened", "NotOpened"), ("declined", None)]
)
def test_an_end_that_is_bad_news_is_counted(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str], outcome: Any, metric: str | None
) -> None:
    ring = keep_ring(made.made)
    found = told(events.RingEnded("home", DOOR.id, ring.id, outcome), capsys)
    assert found == ({(metric, "doorbell"): 1} if metric else {})


def test_doors_are_counted_each_time_they_are_looked_at(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    made.presences.seen("home", DOOR.id, NOON - 3600, door=True)
    entry.handler({"do": "look_at_doors"}, None)
    assert measured(capsys) == {("Doors", "doorbell"): 1, ("DoorsOffline", "doorbell"): 1}


def test_doors_that_were_not_seen_are_counted_and_the_job_is_repeated(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    made.presences.seen("home", DOOR.id, NOON, door=True)
    made.activity.breaks = made.made.connect(DOOR).id
    with pytest.raises(JobFailed, match="DoorsNotSeen"):
        entry.handler({"do": "look_at_doors"}, None)
    assert measured(capsys)["DoorsNotSeen", "doorbell"] == 1


def test_what_cannot_be_measured_fails_no_job(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be repeated, and so counted twice."""
    ring = keep_ring(made.made)
    name, detail = put_on_the_bus(events.RingDecided("home", DOOR.id, ring.id, "stranger"))
    entry.handler({"detail-type": name, "time": "at noon", "detail": detail}, None)
    assert "RingDecided was not measured: ValueError" in capsys.readouterr().out
    assert [visit.decision for visit in made.visits.kept.values()] == ["stranger"]


@given(any_event())
def test_no_metric_has_a_dimension_that_grows_with_homes(event: events.Event) -> None:
    """Each value of a dimension is a metric that is paid for, and may say who lives where."""
    name, detail = put_on_the_bus(event)
    for metric in metrics_of(make_household().household, name, detail, NOON):
        assert set(metric.dimensions) <= {"Decision"}
        assert set(metric.dimensions.values()) <= {"resident", *REASONS}


def test_a_stack_has_few_metrics() -> None:
    assert len(REASONS) + 1 + 10 <= PER_STACK


@given(
    st.floats(0, 4e9),
    st.lists(
        st.builds(
            Metric,
            name=st.sampled_from(["Rings", "Doors", "PressToNotice"]),
            value=st.floats(0, 1e12) | st.integers(0, 10**9),
            unit=st.sampled_from(["Count", "Milliseconds"]),
            dimensions=st.sampled_from([{}, {"Decision": "stranger"}]),
        ),
        unique_by=lambda metric: metric.name,
        max_size=3,
    ),
)
def test_whatever_is_measured_is_one_line_in_the_right_form(at: float, metrics: Any) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as written:
        write_metrics("stack", at, metrics)
    lines = written.getvalue().splitlines()
    assert len(lines) == bool(metrics)
    for line in lines:
        found = check(json.loads(line))
        assert [*found.values()] == [metric.value for metric in metrics]
