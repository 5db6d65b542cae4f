"""Quiet hours: whether a phone stays silent now."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from doorbell.errors import BadSetting

if TYPE_CHECKING:
    from datetime import tzinfo

    from doorbell.household.model import Quiet, QuietHours

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"


def is_quiet(quiet: Quiet, now: float) -> bool:
    """Whether phones stay silent at this moment (epoch seconds).

    The local clock counts, so a night that loses or wins an hour is quiet by the clock on the wall.
    """
    if quiet.until is not None and now < quiet.until:
        return True
    return quiet.hours is not None and _within(quiet.hours, now)


def check_hours(hours: QuietHours) -> QuietHours:
    """Raises BadSetting if a time or the zone is none."""
    for time in (hours.start, hours.end):
        if not re.fullmatch(_CLOCK, time):
            raise BadSetting("Quiet hours are times such as 22:00 and 07:00.")
    zone_of(hours.zone)
    return hours


def _within(hours: QuietHours, now: float) -> bool:
    clock = datetime.fromtimestamp(now, UTC).astimezone(zone_of(hours.zone)).strftime("%H:%M")
    if hours.start <= hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


def zone_of(name: str) -> tzinfo:
    """Raises BadSetting if there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # It quotes a path where the name looks like one; the name alone is told.
        raise BadSetting("There is no such time zone.") from None
