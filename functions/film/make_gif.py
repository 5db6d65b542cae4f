"""The film of a period as a GIF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from functions.film.given import film_of, period_of

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> None:
    """`event` also has the film's `fps`."""
    stop_motion.make_gif(films, period_of(event), film_of(event), event["fps"])
