"""There is no film: tell why not, and tidy up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from functions.film.given import film_of

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> dict[str, Any]:
    """`event` has home and camera as they were asked for, and the `reason`."""
    reason = event["reason"]
    stop_motion.give_up(films, event["home"], event["camera"], film_of(event), reason)
    return {"reason": reason}
