"""A door that comes before the doorbell is deployed is told to come again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ministack.services import apigateway, cloudformation
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local.emulator import unready

if TYPE_CHECKING:
    from local.aws import Aws


def test_an_api_that_is_not_there_is_not_available_and_refuses_nobody(aws: Aws) -> None:
    url = f"{aws.endpoint.replace('http', 'ws')}/_aws/execute-api/0a1b2c3d/prod"
    with pytest.raises(InvalidStatus) as refused, connect(url, proxy=None):
        pass
    assert refused.value.response.status_code == 503


def test_an_api_is_there_when_what_answers_for_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = {
        "StackStatus": unready.MAKING,
        "_resources": {"Socket": {"PhysicalResourceId": "0a1b2c3d"}},
    }
    monkeypatch.setattr(cloudformation, "_stacks", {"doorbell": stack})
    monkeypatch.setattr(apigateway, "_api_owner", lambda api_id: ("WEBSOCKET", "1", "us-east-1"))
    assert not unready._is_there("0a1b2c3d")
    for status in ("CREATE_COMPLETE", "UPDATE_IN_PROGRESS"):
        stack["StackStatus"] = status
        assert unready._is_there("0a1b2c3d")
