"""API Gateway's WebSocket events, in AWS's documented form: RingPath takes them as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.protocol import Pong
from functions.ring_path.entry import handler
from tests.events.documented import documented, forms, in_form
from tests.fakes import DOOR, token_of
from websocket.caller import to_context

if TYPE_CHECKING:
    from tests.events.conftest import House
    from tests.template.sources import Tree

DONE = {"statusCode": 200}


def of_the_door(form: str, name: str) -> Tree:
    """The event of a socket that our authorizer let in."""
    event = in_form(form, name)
    event["requestContext"]["authorizer"] |= to_context(DOOR)
    return event


def new_socket(event: Tree) -> str:
    """Which connection the event is of."""
    return str(event["requestContext"]["connectionId"])


@pytest.mark.parametrize("form", forms("websocket-authorize"))
def test_a_door_is_let_in_by_the_header(house: House, form: str) -> None:
    event = in_form(form, "websocket-authorize", TOKEN=token_of(DOOR))
    answer = handler(event, None)
    (statement,) = answer["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", event["methodArn"])
    assert answer["principalId"] == "home.front"
    assert all(isinstance(value, str) for value in answer["context"].values())


def test_a_door_is_let_in_by_the_query(house: House) -> None:
    """A browser can send no header of its own."""
    event = in_form("whole", "websocket-authorize")
    del event["headers"]["Authorization"]
    event["queryStringParameters"] = {"token": token_of(DOOR)}
    (statement,) = handler(event, None)["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"


@pytest.mark.parametrize("field", ["headers", "queryStringParameters"])
@pytest.mark.parametrize("nothing", [None, {}])
def test_nobody_is_let_in_without_a_token(house: House, field: str, nothing: object) -> None:
    event = in_form("whole", "websocket-authorize", TOKEN="home.front.wrong")
    event[field] = nothing
    (statement,) = handler(event, None)["policyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"


@pytest.mark.parametrize("form", forms("websocket-connect"))
def test_a_socket_is_remembered(house: House, form: str) -> None:
    event = of_the_door(form, "websocket-connect")
    assert handler(event, None) == DONE
    kept = house.made.connections.open[new_socket(event)]
    assert (kept.device, kept.connected_at) == (DOOR.id, 1_700_000_000.0)


def test_a_door_rings_by_connecting(house: House) -> None:
    event = of_the_door("whole", "websocket-connect")
    event["queryStringParameters"] = {"ring": "1"}
    before = set(house.made.rings.kept)
    handler(event, None)
    assert set(house.made.rings.kept) >= before
    assert house.made.bus.events


@pytest.mark.parametrize("form", forms("websocket-message"))
def test_a_frame_is_answered(house: House, form: str) -> None:
    handler(of_the_door("whole", "websocket-connect"), None)
    event = of_the_door(form, "websocket-message")
    assert handler(event, None) == DONE
    socket = house.made.connections.open[new_socket(event)]
    assert any(isinstance(each, Pong) for each in house.made.heard(socket))


@pytest.mark.parametrize("body", [None, ""])
def test_an_empty_frame_is_answered_too(house: House, body: object) -> None:
    handler(of_the_door("whole", "websocket-connect"), None)
    event = of_the_door("whole", "websocket-message") | {"body": body}
    assert handler(event, None) == DONE
    assert house.made.heard(house.made.connections.open[new_socket(event)])


@pytest.mark.parametrize("form", forms("websocket-disconnect"))
def test_a_socket_is_forgotten(house: House, form: str) -> None:
    handler(of_the_door("whole", "websocket-connect"), None)
    event = of_the_door(form, "websocket-disconnect")
    assert handler(event, None) == DONE
    assert new_socket(event) not in house.made.connections.open


def test_what_comes_by_the_socket_comes_from_the_stage_of_the_template() -> None:
    """The examples are of our stage and our routes."""
    from tests.template.sources import template

    socket = template()["Resources"]["Socket"]["Properties"]
    for name in ("websocket-connect", "websocket-message", "websocket-disconnect"):
        context = documented(name).event["requestContext"]
        assert context["stage"] == socket["StageName"]
        assert context["routeKey"] in socket["Routes"]
