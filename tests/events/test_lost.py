"""What comes into the queue Lost, in AWS's documented forms: `make lost` reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from operations.lost_message import read_lost
from operations.lost_queue import Clients, read
from tests.events.documented import forms, in_form

if TYPE_CHECKING:
    from tests.template.sources import Tree

FAILURE = "lambda-failure"
UNDELIVERED = "queue-undelivered"


class Queue:
    """SQS, as far as one message is received from it."""

    def __init__(self, message: Tree) -> None:
        self._left = [message]

    def receive_message(self, **_given: Any) -> Tree:
        """The message once; a queue that is empty answers without `Messages`."""
        return {"Messages": [self._left.pop()]} if self._left else {}


class Queues(Clients):
    """The clients of a stack that has this queue alone."""

    def __init__(self, message: Tree) -> None:
        self._made = {"sqs": Queue(message)}


@pytest.mark.parametrize("form", forms(FAILURE))
def test_what_lambda_gave_up_is_read(form: str) -> None:
    """Also what grew too old before it was tried: nobody has answered it."""
    lost = read_lost(json.dumps(in_form(form, FAILURE)), {})
    assert (lost.what, lost.whose) == ("RingPressed", "doorbell-RingPath")
    assert lost.marks == {"home": "home", "door": "front", "ring": "ring-1"}
    assert lost.payload == in_form("whole", FAILURE)["requestPayload"]


@pytest.mark.parametrize("form", forms(UNDELIVERED))
def test_what_a_rule_or_a_schedule_could_not_deliver_is_read(form: str) -> None:
    """A schedule's has no rule."""
    (message,) = read(Queues(in_form(form, UNDELIVERED)), "queue")
    assert message.sent_at == 1_700_000_180.0
    assert message.lost is not None
    assert message.lost.resource.endswith(":stateMachine:doorbell-visitor")
    assert message.lost.marks == {"home": "home", "ring": "ring-1"}
