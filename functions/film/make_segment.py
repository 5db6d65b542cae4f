"""One part of the film of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from doorbell.films.model import Segment, Size
from functions.film.given import film_of, period_of

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> dict[str, int]:
    """`event` also has the `segment`, and the film's `size` and `fps`."""
    segment, size = Segment(**event["segment"]), Size(*event["size"])
    frames, skipped = stop_motion.make_segment(
        films, period_of(event), film_of(event), segment, size, event["fps"]
    )
    return {"frames": frames, "skipped": skipped}
