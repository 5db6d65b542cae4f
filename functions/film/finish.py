"""A film is made: tell of it, and tidy up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from functions.film.given import film_of, period_of

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> dict[str, Any]:
    """`event` also has how many `frames` are in it, and how many pictures were `skipped`."""
    keys = stop_motion.finish(
        films, period_of(event), film_of(event), event["frames"], event["skipped"]
    )
    return {**keys._asdict(), "frames": event["frames"], "skipped": event["skipped"]}
