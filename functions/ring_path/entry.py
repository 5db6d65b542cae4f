"""RingPath: everything that stands between a finger and a bell, in one warm function.

Doorbells ring seldom, so on Lambda every separate function would be cold every time
(docs/decisions/one-warm-function.md). The shape of the event tells which job it is. This file
alone imports both rooms, `websocket` and `functions`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from doorbell.aws.api.client import Client
from doorbell.aws.build import FIRST_NEEDED, build_services
from doorbell.homes import ring_of_photo
from doorbell.services import Services
from functions.ring_path import (
    announce_press,
    apply_answer,
    check_open,
    issue_code,
    late_photo,
    missed,
    no_answer,
    recover,
    ring_through,
    ring_undecided,
)
from functions.ring_path.facts import facts_of
from functions.shared.run import run
from websocket import authorize, connect, disconnect, frame

Handler: TypeAlias = Callable[[Services, dict[str, Any]], Any]
"""Gives the authorizer's policy, or the id of the ring that it was about, or nothing."""

SOCKET: Final[dict[str, Handler]] = {
    "CONNECT": connect.handle,
    "DISCONNECT": disconnect.handle,
    "MESSAGE": frame.handle,
}
EVENTS: Final[dict[str, Handler]] = {
    "RingPressed": announce_press.handle,
    "Step Functions Execution Status Change": recover.handle,
}
STEPS: Final[dict[str, Handler]] = {
    "issue_code": issue_code.handle,
    "ring_through": ring_through.handle,
    "recover": recover.handle,
    "ring_undecided": ring_undecided.handle,
    "apply_answer": apply_answer.handle,
    "no_answer": no_answer.handle,
    "missed": missed.handle,
    "late_photo": late_photo.handle,
    "check_open": check_open.handle,
}


INITIALISING: Final = "AWS_LAMBDA_INITIALIZATION_TYPE"
"""Set by Lambda, and nowhere else (AWS Lambda Developer Guide, "Environment variables")."""

SOON: Final = (0.5, 1.0)
"""Lambda waits a minute before it repeats what an event asked for: too long for a visitor."""


class Job(NamedTuple):
    """What an event asks for, and under which name that is logged."""

    name: str
    handle: Handler
    pauses: tuple[float, ...] = ()
    """Seconds before it is tried again, once for each."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """AWS's entry: API Gateway, EventBridge and Step Functions all come in here."""
    job = job_for(event)
    facts: dict[str, object] = {**facts_of(event, context)}
    before = client().calls

    def do() -> Any:
        try:
            answer = job.handle(services(), located(event))
        finally:
            facts["calls"] = client().calls - before
        if isinstance(answer, str):
            facts["ring"] = answer
        return answer

    answer = run(job.name, do, facts, job.pauses)
    # API Gateway's socket wants a status; messages go out through @connections alone.
    return answer if isinstance(answer, dict) else {"statusCode": 200}


def job_for(event: dict[str, Any]) -> Job:
    """Which job this event is. Raises KeyError if it is none of ours."""
    match event:
        case {"methodArn": _}:
            return Job("authorize", authorize.handle)
        case {"requestContext": {"eventType": kind}}:
            return Job(kind.lower(), SOCKET[kind])
        case {"detail-type": kind}:
            return Job(kind, EVENTS[kind], SOON)
    return Job(event["do"], STEPS[event["do"]])


def located(event: dict[str, Any]) -> dict[str, Any]:
    """A state machine names a ring by its photo's key; jobs want home and ring."""
    ring = ring_of_photo(event["key"]) if "key" in event else None
    return {**event, "home": ring[0], "ring": ring[1]} if ring else event


@cache
def services() -> Services:
    """The world of this environment."""
    return build_services(os.environ, client())


@cache
def client() -> Client:
    """The connections of this environment."""
    return Client(os.environ)


if INITIALISING in os.environ:
    # Lambda imports this file before the first event, and gives that moment a whole core.
    client().warm(FIRST_NEEDED)
