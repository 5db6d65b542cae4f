"""What sockets carry is reported, and never a token's secret."""

import asyncio
import os
from typing import Any

import pytest

from local.socket_events import SocketEvent, read_events, reporting, reports_to

SECRET = "s3cr3t"


def _scope(*, header: str = "", query: str = "") -> dict[str, Any]:
    headers = [(b"authorization", header.encode())] if header else []
    return {"type": "websocket", "headers": headers, "query_string": query.encode()}


def _seen(scope: dict[str, Any], received: list[Any], sent: list[Any]) -> list[SocketEvent]:
    """What is told when an application receives and then sends these ASGI messages."""

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        for _ in received:
            await receive()
        for message in sent:
            await send(message)

    async def pass_on(_message: Any) -> None:
        pass

    async def session() -> None:
        messages = iter(received)

        async def receive() -> Any:
            return next(messages)

        await reporting(application, reports_to(writing))(scope, receive, pass_on)

    reading, writing = os.pipe()
    asyncio.run(session())
    told = read_events(reading)
    expected = sum(message["type"] != "websocket.connect" for message in [*received, *sent])
    return [next(told) for _ in range(expected)]


def test_frames_both_ways_are_told_in_order() -> None:
    seen = _seen(
        _scope(query=f"token=home.front-door.{SECRET}&ring=1"),
        [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "{}"}],
        [{"type": "websocket.accept"}, {"type": "websocket.send", "text": '{"type":"pong"}'}],
    )
    assert [(event.device, event.happened, event.frame) for event in seen] == [
        ("home.front-door", "sent", "{}"),
        ("home.front-door", "connected", ""),
        ("home.front-door", "got", '{"type":"pong"}'),
    ]


@pytest.mark.parametrize(
    "scope",
    [
        _scope(query=f"token=home.door.{SECRET}"),
        _scope(header=f"Bearer home.door.{SECRET}"),
        _scope(header=f"Bearer {SECRET}"),
        _scope(query=f"token={SECRET}"),
        _scope(),
    ],
)
def test_no_secret_is_told(scope: dict[str, Any]) -> None:
    seen = _seen(scope, [], [{"type": "websocket.close"}])
    assert seen[0].happened == "refused"
    assert SECRET not in str(seen)


def test_a_binary_frame_that_is_no_text_is_told_too() -> None:
    seen = _seen(_scope(), [{"type": "websocket.receive", "bytes": b"\xff\x00"}], [])
    assert seen[0].frame == "\ufffd\x00"
