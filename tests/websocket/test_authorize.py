"""The authorizer: doors and phones with a token of their own, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes import ADA, CAMERA, DOOR, FOREIGN_DOOR, KITCHEN, make_services, token_of
from websocket import authorize
from websocket.caller import speaker_of

if TYPE_CHECKING:
    from doorbell.model import Device

ARN = "arn:aws:execute-api:eu-central-1:1:socket/prod/$connect"


def asked(
    headers: dict[str, str] | None = None, query: dict[str, str] | None = None
) -> dict[str, Any]:
    """What the authorizer answers to such a handshake."""
    event = {"methodArn": ARN, "headers": headers, "queryStringParameters": query}
    return authorize.handle(make_services().services, event)


def effect(answer: dict[str, Any]) -> str:
    """Allow or Deny, for this connection alone."""
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Action"] == "execute-api:Invoke"
    assert statement["Resource"] == ARN
    return str(statement["Effect"])


@pytest.mark.parametrize("device", [DOOR, KITCHEN, ADA, FOREIGN_DOOR])
def test_a_door_or_phone_comes_in_by_header_or_query(device: Device) -> None:
    token = token_of(device)
    for answer in (
        asked({"Authorization": f"Bearer {token}"}),
        asked({"authorization": f"  bearer   {token} "}, {"token": "wrong"}),
        asked({}, {"token": token, "ring": "1"}),
        asked(None, {"token": f" {token}\n"}),
        asked({"Authorization": "Basic eDp5"}, {"token": token}),
    ):
        assert effect(answer) == "Allow"
        assert answer["principalId"] == f"{device.home}.{device.id}"


@pytest.mark.parametrize("device", [DOOR, KITCHEN, ADA])
def test_the_device_comes_back_in_every_later_event(device: Device) -> None:
    """API Gateway takes strings alone in a context, and promises nothing of letters beyond ASCII:
    a name or a resident's is not in it.
    """
    context = asked({}, {"token": token_of(device)})["context"]
    assert set(context) == {"home", "id", "role", "token_hash"}
    assert all(isinstance(value, str) and value.isascii() for value in context.values())
    request = {"connectionId": "c", "connectedAt": 1_700_000_000_250, "authorizer": context}
    badge, connection = speaker_of({"requestContext": request})
    assert badge == (device.home, device.id, device.role, device.token_hash)
    assert connection.connected_at == 1_700_000_000.25


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        (None, None),
        ({}, {}),
        ({"Authorization": "Bearer"}, {}),
        ({"Authorization": token_of(DOOR)}, {}),
        ({"Authorization": "Bearer nonsense"}, {"token": token_of(DOOR)}),
        ({}, {"token": ""}),
        ({}, {"token": "home.front"}),
        ({}, {"token": "home.front.wrong"}),
        ({}, {"token": "away.front.secret-of-kitchen"}),
        ({}, {"token": token_of(DOOR) + "x"}),
        ({}, {"token": token_of(DOOR).upper()}),
        ({}, {"token": "home.front.\ud800"}),
        ({}, {"token": token_of(CAMERA)}),
        ({}, {"Token": token_of(DOOR)}),
    ],
)
def test_anybody_else_is_denied(
    headers: dict[str, str] | None, query: dict[str, str] | None
) -> None:
    answer = asked(headers, query)
    assert effect(answer) == "Deny"
    assert answer["principalId"] == "nobody"
    assert "context" not in answer


def test_a_revoked_device_is_denied() -> None:
    made = make_services()
    made.devices.remove("home", "front")
    event = {"methodArn": ARN, "queryStringParameters": {"token": token_of(DOOR)}}
    assert effect(authorize.handle(made.services, event)) == "Deny"
