"""The Postman way, step by step as the README has it, with nothing of ours but the URL."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from websockets.sync.client import connect

from demo.people import Person, door_photo, portrait

if TYPE_CHECKING:
    from local.stack import Stack


def test_put_source_jpeg_connect_get_the_ticket_put_the_photo_get_the_answer(stack: Stack) -> None:
    s3 = boto3.client(
        "s3",
        endpoint_url=stack.endpoint,
        region_name=stack.region,
        aws_access_key_id=stack.access_key,
        aws_secret_access_key=stack.secret_key,
    )
    with connect(f"{stack.websocket}?token={stack.tokens['phone']}", proxy=None) as phone:
        s3.put_object(Bucket=stack.bucket, Key="source.jpeg", Body=portrait(Person.STRANGER))
        assert _next(phone, "enrolled")["resident"] == "owner"

        url = f"{stack.websocket}?token={stack.tokens['door']}&ring=1"
        with connect(url, proxy=None) as door:
            ticket = _next(door, "ticket")
            upload = ticket["upload"]
            photo = door_photo(Person.STRANGER)
            answer = httpx.request(
                upload["method"],
                upload["url"],
                headers=upload["headers"],
                content=photo,
                trust_env=False,
            )
            assert answer.status_code == 200
            assert _next(door, "welcome")["ring"] == ticket["ring"]
            code = _next(phone, "code")
            assert code["resident"] == "owner"
            phone.send(json.dumps({"action": "got", "ring": code["ring"]}))
            door.send(json.dumps({"action": "enter_code", "code": code["code"]}))
            order = _next(door, "open")
            door.send(json.dumps({"action": "opened", "open": order["open"]}))
            assert _next(phone, "opened")["by"] == "code"
        s3.delete_object(Bucket=stack.bucket, Key="source.jpeg")
        assert _next(phone, "enrolled")["faces"] == 0


def _next(socket: Any, kind: str, within: float = 15) -> dict[str, Any]:
    """The next message of this type."""
    deadline = time.monotonic() + within
    while True:
        message: dict[str, Any] = json.loads(socket.recv(timeout=deadline - time.monotonic()))
        if message["type"] == kind:
            return message
