"""A burst came into the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films import bursts
from doorbell.films.names import burst_of

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> None:
    """`event` has the object's `key` and `size`. The rule's wildcard also lets keys pass that are
    no burst's.
    """
    burst = burst_of(event["key"])
    if burst:
        bursts.film_burst(films, burst, event["size"])
