"""There is no film: tell why not, and tidy up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from functions.film.given import film_of, wanted_period

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> dict[str, Any]:
    """`event` has what was `asked` for, when (`at`), and the `reason`."""
    reason = event["reason"]
    begun = datetime.fromisoformat(event["at"]).timestamp()
    if period := wanted_period(event["asked"], begun):
        stop_motion.give_up(films, period, film_of(event), reason)
    return {"reason": reason}
