"""Who may come in."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from demo.people import Person
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.connecting import MAX_SOCKETS
from doorbell.protocol import Pong, RingThrough, read_message
from operations import devices
from tests.stories.doorstep import Home, PhotoOf, ring

if TYPE_CHECKING:
    from demo.device import Device
    from local.stack import Stack


def _status(url: str, token: str | None) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    with pytest.raises(InvalidStatus) as refused:
        connect(url, additional_headers=headers, proxy=None).__enter__()
    return refused.value.response.status_code


def test_without_a_good_token_nobody_connects(home: Home) -> None:
    door = home.door
    other_home = "elsewhere." + door.split(".", 1)[1]
    for token in (None, "", "nonsense", "home.front-door.wrong", door[:-1], other_home):
        assert _status(home.websocket, token) in (401, 403)
    assert _status(f"{home.websocket}?token=home.front-door.wrong", None) in (401, 403)


def test_a_camera_s_token_opens_no_socket(stack: Stack) -> None:
    assert _status(stack.websocket, stack.tokens["camera"]) == 403


def test_a_token_works_in_the_header_and_in_the_query(home: Home) -> None:
    token = home.phone
    with connect(f"{home.websocket}?token={token}", proxy=None) as phone:
        phone.send('{"action":"ping"}')
        assert isinstance(read_message(str(phone.recv(timeout=10))), Pong)


def test_revoking_a_device_closes_its_sockets_and_makes_its_token_nobody_s(home: Home) -> None:
    token = home.add("door", "Garage")
    headers = {"Authorization": f"Bearer {token}"}
    with connect(home.websocket, additional_headers=headers, proxy=None) as door:
        door.send('{"action":"ping"}')
        assert isinstance(read_message(str(door.recv(timeout=10))), Pong)
        assert devices.revoke(home.stack.deployed, "Garage", home.id) == 1
        with pytest.raises(ConnectionClosed):
            door.recv(timeout=10)
    assert _status(home.websocket, token) == 403


def test_a_device_s_oldest_socket_is_closed_where_it_opens_too_many(home: Home) -> None:
    """Each one more would delay everybody else's messages."""
    headers = {"Authorization": f"Bearer {home.add('door', 'Garage')}"}
    with contextlib.ExitStack() as sockets:
        oldest, second, *_ = [
            sockets.enter_context(
                connect(home.websocket, additional_headers=headers, proxy=None),
            )
            for _ in range(MAX_SOCKETS + 1)
        ]
        with pytest.raises(ConnectionClosed):
            oldest.recv(timeout=10)
        second.send('{"action":"ping"}')
        assert isinstance(read_message(str(second.recv(timeout=10))), Pong)


def test_a_manager_s_phone_revokes_a_device_and_its_sockets_close(home: Home) -> None:
    """By the app's API, which hangs up by its own right."""
    token = home.add("door", "Garage")
    headers = {"Authorization": f"Bearer {token}"}
    with connect(home.websocket, additional_headers=headers, proxy=None) as door:
        door.send('{"action":"ping"}')
        assert isinstance(read_message(str(door.recv(timeout=10))), Pong)
        httpx.delete(
            f"{home.stack.outputs['PhoneApi']}/api/devices/garage",
            headers={"Authorization": f"Bearer {home.phone}"},
            trust_env=False,
            timeout=30,
        ).raise_for_status()
        with pytest.raises(ConnectionClosed):
            door.recv(timeout=10)
    assert _status(home.websocket, token) == 403


def test_a_connection_that_is_gone_keeps_no_message_from_the_others(
    home: Home, resident: Person, door: Device, photo_of: PhotoOf
) -> None:
    connections = ConnectionTable(Table(home.stack.deployed.client, home.stack.table))
    home.stack.aws.client("dynamodb").put_item(
        TableName=home.stack.table.rings,
        Item={
            "home": {"S": home.id},
            "sk": {"S": "connection#door#front-door#ghost="},
            "id": {"S": "ghost="},
            "role": {"S": "door"},
            "device": {"S": "front-door"},
            "connected_at": {"N": "1"},
        },
    )
    ring(door, photo_of(Person.GRACE))
    assert door.hear(RingThrough).reason == "stranger"
    deadline = time.monotonic() + 10
    while "ghost=" in [c.id for c in connections.of(home.id, "door")]:
        assert time.monotonic() < deadline, "it is forgotten after all others were served"
        time.sleep(0.05)
