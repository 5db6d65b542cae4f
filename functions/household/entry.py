"""Household: keeps the history and when devices were seen, as the bus tells of it, and measures.

Every few minutes it looks at all doors.

Off the ring path, so a function with a role of its own: nothing here delays a bell.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from doorbell.aws.api.client import Client
from doorbell.aws.build_household import build_household
from functions.household import (
    look_at_doors,
    measure,
    record_film,
    record_picture,
    record_presence,
    record_ring,
)
from functions.shared.bus_event import time_of
from functions.shared.log import logger
from functions.shared.metrics import write_metrics
from functions.shared.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.household.services import Household

JOBS: dict[str, Callable[[Household, str, dict[str, Any]], None]] = {
    "RingPressed": record_ring.handle,
    "RingDecided": record_ring.handle,
    "RingEnded": record_ring.handle,
    "DoorOpened": record_ring.handle,
    "FilmMade": record_film.handle,
    "FilmFailed": record_film.handle,
    "PictureReceived": record_picture.handle,
    "DeviceConnected": record_presence.handle,
    "DeviceDisconnected": record_presence.handle,
    "look_at_doors": look_at_doors.handle,
}


def handler(event: dict[str, Any], context: object) -> None:
    """AWS's entry: events of the bus, and a rule that comes every few minutes. Raises JobFailed.

    All jobs may be repeated.
    """
    name = event.get("do") or event["detail-type"]
    detail = event if "do" in event else event["detail"]
    facts = {
        "request_id": str(getattr(context, "aws_request_id", "")),
        **{key: detail[key] for key in ("home", "door", "device", "ring") if key in detail},
    }
    run(name, lambda: JOBS[name](household(), name, detail), facts)
    if detail is not event:
        _measure(name, event)


def _measure(name: str, event: dict[str, Any]) -> None:
    """What is not measured is no failure: a job that is repeated would count twice."""
    try:
        at = time_of(event)
        measured = measure.metrics_of(household(), name, event["detail"], at)
        write_metrics(household().stack, at, measured)
    except Exception as error:
        logger().warning("%s was not measured: %s", name, type(error).__name__)


@cache
def household() -> Household:
    """What this environment works with, made with the first event."""
    return build_household(os.environ, Client(os.environ))
