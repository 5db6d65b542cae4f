"""What the state machine gives each job: which film it is about."""

from __future__ import annotations

import hashlib
from typing import Any

from doorbell.films.model import Period


def film_of(event: dict[str, Any]) -> str:
    """The film's id: eight hexadecimal digits, the same each time that this execution asks."""
    return hashlib.sha256(event["execution"].encode()).hexdigest()[:8]


def period_of(event: dict[str, Any]) -> Period:
    """The period it shows."""
    return Period(event["home"], event["camera"], event["start"], event["end"])
