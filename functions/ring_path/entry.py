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

from doorbell.aws.build import build_services
from doorbell.services import Services
from functions.ring_path import (
    apply_answer,
    check_open,
    issue_code,
    issue_ticket,
    late_photo,
    missed,
    no_answer,
    recover,
    ring_through,
)
from functions.shared.run import run
from websocket import authorize, connect, disconnect, frame

Handler: TypeAlias = Callable[[Services, dict[str, Any]], Any]

SOCKET: Final[dict[str, Handler]] = {
    "CONNECT": connect.handle,
    "DISCONNECT": disconnect.handle,
    "MESSAGE": frame.handle,
}
EVENTS: Final[dict[str, Handler]] = {
    "RingPressed": issue_ticket.handle,
    "Step Functions Execution Status Change": recover.handle,
}
STEPS: Final[dict[str, Handler]] = {
    "issue_code": issue_code.handle,
    "ring_through": ring_through.handle,
    "recover": recover.handle,
    "apply_answer": apply_answer.handle,
    "no_answer": no_answer.handle,
    "missed": missed.handle,
    "late_photo": late_photo.handle,
    "check_open": check_open.handle,
}


SOON: Final = (0.5, 1.0)
"""Lambda waits a minute before it repeats what an event asked for: too long for a visitor."""


class Job(NamedTuple):
    """What an event asks for, and under which name that is logged."""

    name: str
    handle: Handler
    pauses: tuple[float, ...] = ()
    """Seconds before it is tried again, once for each."""


def handler(event: dict[str, Any], _context: object) -> Any:
    """AWS's entry: API Gateway, EventBridge and Step Functions all come in here."""
    job = job_for(event)
    answer = run(job.name, lambda: job.handle(services(), event), job.pauses)
    # API Gateway's socket wants a status; messages go out through @connections alone.
    return {"statusCode": 200} if answer is None else answer


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


@cache
def services() -> Services:
    """The world of this environment, made with its first event."""
    return build_services(os.environ)
