"""Publish: films go where a home has said so.

A function of its own: it holds keys of accounts, and services take minutes over a film.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from doorbell.aws.api.client import Client
from doorbell.aws.build_publish import build_publishing
from functions.publish import publish_film
from functions.shared.bus_event import facts_of
from functions.shared.run import run

if TYPE_CHECKING:
    from doorbell.publishing.services import Publishing


def handler(event: dict[str, Any], context: object) -> None:
    """AWS's entry: FilmMade, from the bus. It may be repeated: nothing is published twice."""
    detail = event["detail"]
    run(
        "publish",
        lambda: publish_film.handle(publishing(), detail),
        {**facts_of(event, context), "film": detail["film"]},
    )


@cache
def publishing() -> Publishing:
    """What this environment works with, made with the first event."""
    return build_publishing(os.environ, Client(os.environ))
