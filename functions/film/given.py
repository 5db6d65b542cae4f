"""What the state machine gives each job: which film it is about."""

from __future__ import annotations

from typing import Any

from doorbell.errors import BadName, BadSetting
from doorbell.films.asking import period_asked
from doorbell.films.model import Period
from doorbell.films.names import film_id


def film_of(event: dict[str, Any]) -> str:
    """The film's id."""
    return film_id(event["execution"])


def wanted_period(asked: dict[str, Any], begun: float) -> Period | None:
    """The period that was asked for then; None if no camera can have such a film."""
    try:
        return period_asked(asked, begun)
    except (BadName, BadSetting):
        return None


def period_of(event: dict[str, Any]) -> Period:
    """The period it shows."""
    return Period(event["home"], event["camera"], event["start"], event["end"])
