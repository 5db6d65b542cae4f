"""The dispatcher: the shape of an event tells which job it is, and a job gets what it needs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from functions.ring_path import (
    announce_press,
    apply_answer,
    check_open,
    entry,
    issue_code,
    late_photo,
    missed,
    no_answer,
    recover,
    ring_through,
    ring_undecided,
)
from functions.ring_path.entry import INITIALISING, STEPS, job_for, located
from functions.ring_path.facts import facts_of
from tests.doorbell.aws.api.servers import Server
from tests.fakes import ADA, DOOR, KITCHEN, a_ring, enrol_face, keep_ring, make_services
from websocket import authorize, connect, disconnect, frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes import FakeServices

MACHINES = Path(__file__).parents[2] / "statemachines"
VALUES = {
    "key": "guest/home/ring-1/photo.jpeg",
    "home": "home",
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
        ({"detail-type": "RingPressed", "detail": {}}, "RingPressed", announce_press),
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
        ({"do": "ring_undecided"}, "ring_undecided", ring_undecided),
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


def dicts(node: object) -> Iterator[dict[str, Any]]:
    """Every object in a state machine."""
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from dicts(inner)
    if isinstance(node, list):
        for inner in node:
            yield from dicts(inner)


def every_step() -> list[dict[str, Any]]:
    """What the state machines send to RingPath, with values in the place of expressions. The one
    state `Do` sends whatever a state before it has assigned.
    """
    machines = [json.loads((MACHINES / f"{m}.asl.json").read_text()) for m in ("visitor", "watch")]
    found = [node for machine in machines for node in dicts(machine)]
    assigned = {
        name
        for node in found
        for name in re.findall(r"\w+", str(node.get("Assign", {}).get("do", "")))
    } & set(STEPS)
    sent = [node for node in found if "do" in node and ("key" in node or "open" in node)]
    return [
        {k: do if k == "do" else VALUES[k] for k in payload}
        for payload in sent
        for do in (sorted(assigned) if payload["do"].startswith("{%") else [payload["do"]])
        if do != "push_code"  # Push does that
    ]


def pending() -> FakeServices:
    """A house with one ring, Ada's face, and somebody at every socket."""
    made = make_services()
    keep_ring(made, a_ring())
    enrol_face(made, "Ada", "face-a")
    for device in (DOOR, ADA, KITCHEN):
        made.connect(device)
    return made


def test_the_state_machines_ask_for_every_step_and_for_no_other() -> None:
    assert {step["do"] for step in every_step()} == set(STEPS)


@pytest.mark.parametrize("step", every_step(), ids=lambda step: step["do"])
def test_every_step_gets_what_it_needs_and_its_answer_holds_no_code(step: dict[str, Any]) -> None:
    """What a job answers stands in the execution's history, to be read for ninety days."""
    made = pending()
    assert job_for(step).handle(made.services, located(step)) is None


@pytest.mark.parametrize("do", ["late_photo", "recover"])
def test_a_step_for_a_key_that_is_no_rings_photo_does_nothing(do: str) -> None:
    """The bus's wildcard also lets `guest/home/ring/x/photo.jpeg` pass."""
    made = pending()
    step = {"do": do, "key": "guest/home/ring-1/x/photo.jpeg"}
    job_for(step).handle(made.services, located(step))
    assert not any(made.sockets.frames.values())
    assert made.rings.kept["home", "ring-1"].photo_at == 0


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (
            {"requestContext": {"authorizer": {"home": "home", "role": "door", "id": "front"}}},
            {"home": "home", "door": "front"},
        ),
        (
            {"requestContext": {"authorizer": {"home": "home", "role": "phone", "id": "ada"}}},
            {"home": "home", "phone": "ada"},
        ),
        (
            {"detail-type": "RingPressed", "detail": {"home": "home", "door": "f", "ring": "r"}},
            {"home": "home", "door": "f", "ring": "r"},
        ),
        (
            {"detail": {"status": "FAILED", "input": '{"key": "guest/home/r/photo.jpeg"}'}},
            {"home": "home", "ring": "r"},
        ),
        ({"do": "missed", "key": "guest/home/r/photo.jpeg"}, {"home": "home", "ring": "r"}),
        (
            {"do": "check_open", "home": "home", "door": "f", "open": "o"},
            {"home": "home", "door": "f"},
        ),
        ({"methodArn": "arn", "queryStringParameters": {"token": "secret"}}, {}),
    ],
)
def test_a_log_line_says_whose_ring_an_event_is_about(
    event: dict[str, Any], facts: dict[str, str]
) -> None:
    class Context:
        aws_request_id = "request-1"

    assert facts_of(event, Context()) == {"request_id": "request-1", **facts}
    assert facts_of(event, None) == facts


def test_a_frame_s_line_says_which_ring_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A press has no ring before it is recorded: the job says afterwards."""
    made = pending()
    monkeypatch.setattr(entry, "services", lambda: made.services)
    authorizer = {k: v for k, v in DOOR._asdict().items() if v is not None}
    request = {"eventType": "MESSAGE", "connectionId": "c", "connectedAt": 1}
    event = {"requestContext": {**request, "authorizer": authorizer}, "body": '{"action":"ring"}'}
    assert entry.handler(event, None) == {"statusCode": 200}
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["home"], line["door"]) == ("home", "front")
    assert ("home", line["ring"]) in made.rings.kept


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
    for name in ("TABLE", "HOUSEHOLD_TABLE", "BUS", "BUCKET", "CODE_KEY"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("RING_GAP", "0")
    entry.services.cache_clear()
    try:
        assert entry.services() is entry.services()
        assert entry.services().settings.ring_gap == 0
    finally:
        entry.services.cache_clear()


@pytest.mark.parametrize(("lambda_says", "opened"), [({}, 0), ({INITIALISING: "on-demand"}, 3)])
def test_an_environment_that_starts_opens_what_a_ring_needs_and_asks_nothing(
    lambda_says: dict[str, str], opened: int
) -> None:
    """The table, the sockets and the bus, side by side; a test that imports the file opens none."""
    with Server().running() as server:
        places = {
            f"AWS_ENDPOINT_URL{which}": server.at.url for which in ("", "_APIGATEWAYMANAGEMENTAPI")
        }
        given = {**os.environ, **places, "AWS_REGION": "eu-central-1", **lambda_says}
        program = [sys.executable, "-c", "import functions.ring_path.entry"]
        subprocess.run(program, cwd=MACHINES.parent, env=given, check=True)
        server.await_connections(opened)
        assert (server.connections, server.requests) == (opened, [])
