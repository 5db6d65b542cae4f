"""Notify: tells a home's messengers and the topic what happens at the door.

A function of its own beside `push`: what it imports is large, and a messenger that hangs keeps no
code and no browser's notice waiting.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from doorbell.aws.api.client import Client
from doorbell.aws.build_notify import build_notifying
from functions.notify import tell_messengers
from functions.shared.bus_event import facts_of, time_of
from functions.shared.run import run

if TYPE_CHECKING:
    from doorbell.push.services import Notifying


def handler(event: dict[str, Any], context: object) -> None:
    """AWS's entry: events of the bus."""
    name, detail = event["detail-type"], event["detail"]
    run(
        f"notify {name}",
        lambda: tell_messengers.handle(notifying(), name, detail, time_of(event)),
        facts_of(event, context),
    )


@cache
def notifying() -> Notifying:
    """What this environment works with, made with the first event."""
    return build_notifying(os.environ, Client(os.environ))
