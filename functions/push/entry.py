"""Push: tells browsers what happens at the door while the app is closed.

Off the ring path, so a function with a role, packages and an environment of its own: a push
service that hangs delays nobody.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from doorbell.aws.api.client import Client
from doorbell.aws.build_push import build_pushing
from functions.push import push_code, tell_phones
from functions.shared.bus_event import facts_of, time_of
from functions.shared.run import run

if TYPE_CHECKING:
    from doorbell.push.services import Pushing


def handler(event: dict[str, Any], context: object) -> Any:
    """AWS's entry: events of the bus, and the state machine `visitor`. All may be repeated."""
    if event.get("do") == "push_code":
        facts = {"request_id": str(getattr(context, "aws_request_id", "")), "door": event["door"]}
        return run("push_code", lambda: push_code.handle(pushing(), event), facts)
    name, detail = event["detail-type"], event["detail"]
    return run(
        f"push {name}",
        lambda: tell_phones.handle(pushing(), name, detail, time_of(event)),
        facts_of(event, context),
    )


@cache
def pushing() -> Pushing:
    """What this environment works with, made with the first event."""
    return build_pushing(os.environ, Client(os.environ))
