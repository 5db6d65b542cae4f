"""How often a resident's whole ring goes to AWS: from the press to the end of both watches.

A doorstep is where somebody waits, and each trip takes milliseconds; so a new one shall be seen.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from moto import mock_aws

from doorbell.aws.build import build_services
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.table import Table
from doorbell.model import Connection, ResidentPhoto
from doorbell.protocol import (
    MAX_FRAME_BYTES,
    Code,
    Open,
    Ticket,
    message_frame,
    read_message,
)
from functions.ring_path.entry import job_for, located
from tests.doorbell.aws.conftest import create_tables
from tests.doorbell.aws.pools import MotoPool, Sent, check_shape, said, some_client
from tests.fakes import ADA, DOOR, NOON
from tests.websocket.frames import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorbell.aws.api.pool import Request, Response
    from doorbell.services import Services

MACHINES: Final = ("Claim", "SearchFaces", "IssueCode", "LookForDecision", "LookForOpened")
"""The tasks of the state machines on the way: each is a call, too."""

MOST: Final = 35
"""Reached. It was 46 when each record was read by itself, and the ticket came by the bus."""

DOOR_SOCKET = Connection("door=", "home", "door", DOOR.id, NOON)
PHONE_SOCKET = Connection("phone=", "home", "phone", ADA.id, NOON, ADA.resident)
ANSWERS: Final = {
    "AWSEvents.PutEvents": said({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}),
    "AmazonSSM.GetParameter": said({"Parameter": {"Value": "key"}}),
}


class CountingPool(MotoPool):
    """All of AWS that a ring speaks to: the table is moto's, the rest takes what it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Sent] = []

    def exchange(self, request: Request) -> Response:
        sent = Sent(*request)
        self.requests.append(sent)
        target = request.headers.get("X-Amz-Target", "")
        if target.startswith("DynamoDB"):
            return super().exchange(request)
        if target:
            check_shape(sent)
        return ANSWERS.get(target, said({}))

    def told(self, kind: type) -> Any:
        """The newest message of this kind that was posted to a socket."""
        frames = [r.body.decode() for r in self.requests if "/@connections/" in r.path]
        return [m for m in map(read_message, frames) if isinstance(m, kind)][-1]


@pytest.fixture
def pool() -> Iterator[CountingPool]:
    with mock_aws():
        yield CountingPool()


@pytest.fixture
def services(pool: CountingPool) -> Services:
    """As the function makes them; Ada, her phone and the front door are known and connected."""
    client = some_client(pool, sockets_at="https://sockets.example/prod")
    table = Table(client, create_tables(pool))
    for device, socket in ((DOOR, DOOR_SOCKET), (ADA, PHONE_SOCKET)):
        DeviceTable(table).add(device)
        ConnectionTable(table).add(socket, device.token_hash)
    photo = ResidentPhoto("home", "Ada", "residents/home/Ada/1.jpeg")
    ResidentTable(table).photo_came(photo)
    ResidentTable(table).add_face(photo, "face-a")
    names = {
        "TABLE": table.names.rings,
        "HOUSEHOLD_TABLE": table.names.household,
        "BUS": "bus",
        "BUCKET": "bucket",
        "CODE_KEY": "arn",
    }
    made = build_services(names, client)
    made.code_key()  # once in the life of an environment
    pool.requests.clear()
    return made


def run(services: Services, given: dict[str, Any]) -> None:
    """One run of the function."""
    job_for(given).handle(services, located(given))


def door_says(services: Services, **frame: str) -> None:
    run(services, event(DOOR, DOOR_SOCKET, body=json.dumps(frame)))


def phone_says(services: Services, **frame: str) -> None:
    run(services, event(ADA, PHONE_SOCKET, body=json.dumps(frame)))


def whole_ring(services: Services, pool: CountingPool) -> None:
    """Ada presses, types her code and comes in; both watches see that all is well."""
    door_says(services, action="ring", press="123e4567-e89b-42d3-a456-426614174000")
    ticket = pool.told(Ticket)
    key = f"guest/home/{ticket.ring}/photo.jpeg"
    for entry in [r.given["Entries"][0] for r in pool.requests if r.is_for("PutEvents")]:
        detail = json.loads(entry["Detail"])
        run(services, {"detail-type": entry["DetailType"], "detail": detail})
    named = {"key": key, "door": "front", "face": "face-a", "token": "token"}
    run(services, {"do": "issue_code", **named})
    phone_says(services, action="got", ring=ticket.ring)
    door_says(services, action="enter_code", code=pool.told(Code).code)
    door_says(services, action="opened", open=pool.told(Open).open)


def test_a_whole_ring_makes_no_more_calls_than_were_reached(
    services: Services, pool: CountingPool
) -> None:
    whole_ring(services, pool)
    calls = Counter(r.operation if r.is_json else f"{r.method} socket" for r in pool.requests)
    assert calls.total() + len(MACHINES) <= MOST, calls
    assert calls["GetItem"] + calls["BatchGetItem"] <= 6, calls
    assert calls["Query"] <= 5, calls
    assert calls["POST socket"] == 7, "pressed, ticket, code, welcome, open, opened, acknowledged"


def test_the_ticket_is_on_its_way_after_two_calls(services: Services, pool: CountingPool) -> None:
    """One read and one write: what else a ring needs comes after it."""
    door_says(services, action="ring", press="123e4567-e89b-42d3-a456-426614174000")
    named = [r.operation if r.is_json else "post" for r in pool.requests]
    assert named == ["BatchGetItem", "TransactWriteItems", "post", "PutEvents"]


def test_the_ticket_for_a_film_needs_no_call_of_its_own(
    services: Services, pool: CountingPool
) -> None:
    """It is signed on the way, beside the photo's, and stays far below a frame's limit."""
    door_says(services, action="ring", press="123e4567-e89b-42d3-a456-426614174000")
    ticket = pool.told(Ticket)
    assert f"/guest/home/{ticket.ring}/burst.mjpeg?" in ticket.burst.url
    assert len(pool.requests) == 4
    assert len(message_frame(ticket)) < MAX_FRAME_BYTES / 4
