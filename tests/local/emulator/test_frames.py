"""Every frame reaches its function, and a function's error reaches nobody."""

import json

import pytest
from ministack.services import apigateway
from websockets.sync.client import connect

from local.aws import Aws
from local.emulator import frames


def test_a_frame_that_cannot_be_read_goes_to_default(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(expression: str, frame: str) -> str:
        raise RecursionError

    monkeypatch.setattr(apigateway, "_evaluate_route_selection", fail)
    frames.take_any_frame()
    assert apigateway._evaluate_route_selection("$request.body.action", "[[") == "$default"


def test_a_function_that_raises_is_told_in_awss_words_and_the_connection_stays(
    aws: Aws, outputs: dict[str, str]
) -> None:
    url = f"{aws.endpoint.replace('http', 'ws')}{outputs['SocketPath']}"
    with connect(url, proxy=None) as socket:
        socket.send("fail")
        answer = json.loads(socket.recv(timeout=10))
        assert answer.pop("connectionId")
        assert answer.pop("requestId")
        assert answer == {"message": "Internal server error"}
        socket.send("on we go")
        assert json.loads(socket.recv(timeout=10)) == {"said": "on we go"}
