"""Film: makes films. Off the ring path, so a function with packages and a role of its own."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from doorbell.aws.api.client import Client
from doorbell.aws.build_films import build_films
from filmmaker import films as maker
from functions.film import film_burst, finish, give_up, join, make_gif, make_segment, plan, stopped
from functions.shared.run import run
from tracking import tracker

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.films.services import Films

JOBS: Final[dict[str, Callable[[Films, dict[str, Any]], Any]]] = {
    "film_burst": film_burst.handle,
    "plan": plan.handle,
    "make_segment": make_segment.handle,
    "join": join.handle,
    "make_gif": make_gif.handle,
    "finish": finish.handle,
    "give_up": give_up.handle,
    "stopped": stopped.handle,
}


def handler(event: dict[str, Any], context: object) -> Any:
    """AWS's entry: the rules for bursts and for executions that were stopped, and the state
    machine `film`. All may be repeated.
    """
    name = event.get("do", "stopped")
    facts: dict[str, object] = {"request_id": str(getattr(context, "aws_request_id", ""))}
    facts |= {key: event[key] for key in ("home", "camera", "film") if key in event}
    return run(name, lambda: JOBS[name](films(), event), facts)


@cache
def films() -> Films:
    """What this environment works with, made with the first event."""
    return build_films(os.environ, Client(os.environ), maker, tracker)
