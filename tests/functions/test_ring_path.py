"""The dispatcher: the shape of an event tells which job it is, and a job gets what it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from functions.ring_path import (
    apply_answer,
    check_open,
    entry,
    issue_code,
    issue_ticket,
    late_photo,
    missed,
    no_answer,
    recover,
    ring_through,
)
from functions.ring_path.entry import STEPS, job_for
from tests.fakes import ADA, DOOR, KITCHEN, a_ring, keep_ring, make_services
from websocket import authorize, connect, disconnect, frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes import FakeServices

MACHINES = Path(__file__).parents[2] / "statemachines"
VALUES = {
    "home": "home",
    "ring": "ring-1",
    "reason": "stranger",
    "face": "face-a",
    "door": "front",
    "open": "unknown",
    "token": "token",
    "answer": "decline",
    "by": "Ada",
}


@pytest.mark.parametrize(
    ("event", "name", "handle"),
    [
        ({"methodArn": "arn", "requestContext": {"eventType": "CONNECT"}}, "authorize", authorize),
        ({"requestContext": {"eventType": "CONNECT"}}, "connect", connect),
        ({"requestContext": {"eventType": "DISCONNECT"}}, "disconnect", disconnect),
        ({"requestContext": {"eventType": "MESSAGE"}}, "message", frame),
        ({"detail-type": "RingPressed", "detail": {}}, "RingPressed", issue_ticket),
        (
            {"detail-type": "Step Functions Execution Status Change", "detail": {}},
            "Step Functions Execution Status Change",
            recover,
        ),
        ({"do": "issue_code"}, "issue_code", issue_code),
        ({"do": "ring_through"}, "ring_through", ring_through),
        ({"do": "apply_answer"}, "apply_answer", apply_answer),
        ({"do": "no_answer"}, "no_answer", no_answer),
        ({"do": "missed"}, "missed", missed),
        ({"do": "late_photo"}, "late_photo", late_photo),
        ({"do": "check_open"}, "check_open", check_open),
        ({"do": "recover"}, "recover", recover),
    ],
)
def test_every_shape_of_event_is_one_job(event: dict[str, Any], name: str, handle: Any) -> None:
    job = job_for(event)
    assert (job.name, job.handle) == (name, handle.handle)
    assert bool(job.pauses) == ("detail-type" in event), "what an event asks for is tried again"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"do": "open_the_door"},
        {"detail-type": "DoorOpened"},
        {"requestContext": {"eventType": "OTHER"}},
        {"requestContext": {"http": {}}},
    ],
)
def test_an_event_that_is_none_of_ours_is_an_error(event: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        job_for(event)


def payloads(node: object) -> Iterator[dict[str, Any]]:
    """Every payload for a function in a state machine."""
    if isinstance(node, dict):
        if "do" in node:
            yield node
        for inner in node.values():
            yield from payloads(inner)


def every_step() -> list[dict[str, Any]]:
    """What the state machines send to RingPath, with values in the place of expressions."""
    machines = [json.loads((MACHINES / f"{m}.asl.json").read_text()) for m in ("visitor", "watch")]
    sent = [payload for machine in machines for payload in payloads(machine)]
    return [{k: v if k == "do" else VALUES[k] for k, v in each.items()} for each in sent]


def pending() -> FakeServices:
    """A house with one ring, Ada's face, and somebody at every socket."""
    made = make_services()
    keep_ring(made, a_ring())
    made.residents.add_face("home", "Ada", "face-a", "key")
    for device in (DOOR, ADA, KITCHEN):
        made.connect(device)
    return made


def test_the_state_machines_ask_for_every_step_and_for_no_other() -> None:
    assert {step["do"] for step in every_step()} == set(STEPS)


@pytest.mark.parametrize("step", every_step(), ids=lambda step: step["do"])
def test_every_step_gets_what_it_needs_and_its_answer_holds_no_code(step: dict[str, Any]) -> None:
    """What a job answers stands in the execution's history, to be read for ninety days."""
    made = pending()
    job = job_for(step)
    answer = job.handle(made.services, step)
    assert "042137" not in json.dumps(answer)
    assert answer == ({"reached": 2, "reason": None} if job.name == "issue_code" else None)


def test_a_press_on_the_bus_brings_the_ticket() -> None:
    """A field that the bus left out is read as unknown."""
    made = pending()
    detail = {"home": "home", "door": "front", "ring": "ring-1", "kind": "new"}
    event = {"detail-type": "RingPressed", "detail": detail}
    job_for(event).handle(made.services, event)
    (door,) = made.connections.of("home", "door")
    assert [type(said).__name__ for said in made.heard(door)] == ["Ticket"]


def test_the_world_is_made_once_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes no call, so that a wrong event costs no cold start more than it must."""
    for name in ("TABLE", "BUS", "BUCKET", "CODE_KEY"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("RING_GAP", "0")
    entry.services.cache_clear()
    try:
        assert entry.services() is entry.services()
        assert entry.services().settings.ring_gap == 0
    finally:
        entry.services.cache_clear()
