"""Household: keeps the history and when devices were seen, as the bus tells of it.

Off the ring path, so a function with a role of its own: nothing here delays a bell.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from doorbell.aws.api.client import Client
from doorbell.aws.build_household import build_household
from functions.household import (
    check_door,
    record_film,
    record_picture,
    record_presence,
    record_ring,
)
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
    "check_door": check_door.handle,
}


def handler(event: dict[str, Any], context: object) -> None:
    """AWS's entry: events of the bus, and the state machine `offline`. Raises JobFailed.

    All jobs may be repeated.
    """
    name = event.get("do") or event["detail-type"]
    detail = event if "do" in event else event["detail"]
    facts = {
        "request_id": str(getattr(context, "aws_request_id", "")),
        **{key: detail[key] for key in ("home", "door", "device", "ring") if key in detail},
    }
    run(name, lambda: JOBS[name](household(), name, detail), facts)


@cache
def household() -> Household:
    """What this environment works with, made with the first event."""
    return build_household(os.environ, Client(os.environ))
