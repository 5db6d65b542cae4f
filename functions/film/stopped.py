"""An execution of the machine `film` failed or was stopped: nobody is left to tell of its film."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from doorbell.films.names import film_id
from functions.film.given import wanted_period

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> None:
    """`event` is of Step Functions ("Step Functions Execution Status Change")."""
    detail = event["detail"]
    # An input over 248 KB is left out, and a name may be: an execution's ARN ends with it.
    asked = json.loads(detail.get("input") or "{}")
    period = wanted_period(asked, detail["startDate"] / 1000)
    if period:
        name = detail["executionArn"].rpartition(":")[2]
        stop_motion.give_up(films, period, film_id(name), "unavailable")
