"""The parts of a film become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from functions.film.given import film_of, period_of

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> None:
    """Raises NoFilm if no part is there."""
    stop_motion.join(films, period_of(event), film_of(event))
