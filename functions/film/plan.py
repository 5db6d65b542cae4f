"""How the film of a period is made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorbell.films import stop_motion
from doorbell.films.asking import fps_asked, period_asked

if TYPE_CHECKING:
    from doorbell.films.services import Films


def handle(films: Films, event: dict[str, Any]) -> dict[str, Any]:
    """`event` has what was `asked` for, and when (`at`). What the other jobs are given."""
    asked = event["asked"]
    period = period_asked(asked, datetime.fromisoformat(event["at"]).timestamp())
    made = stop_motion.plan(films, period)
    return {
        "start": period.start,
        "end": period.end,
        "fps": fps_asked(asked),
        "pictures": made.pictures,
        "size": list(made.size or ()),
        "segments": [segment._asdict() for segment in made.segments],
    }
