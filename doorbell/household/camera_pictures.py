"""The pictures that a camera sent on one day, in order of time, page by page."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import BadSetting
from doorbell.films.model import Period
from doorbell.films.names import just_before, moment, pictures_of
from doorbell.household.quiet import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from doorbell.household.ports import StoredKeys
    from doorbell.household.services import Household

PAGE: Final = 48
"""Pictures on a page: full rows of two, three, four or six."""
_CURSOR: Final = r"[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{6}-[0-9]{3}-[A-Za-z0-9_-]{1,80}\.jpeg"


class Picture(NamedTuple):
    """A picture that is kept. `at` is the moment of its arrival, epoch seconds."""

    key: str
    at: float


def page(
    household: Household, home: str, camera: str, day: str | None, zone: str, cursor: str | None
) -> tuple[list[Picture], str | None]:
    """Pictures of this day (2026-07-01, or today) of an IANA zone, the earliest first, and the
    cursor of the next page. Raises BadSetting.
    """
    place = zone_of(zone)
    start, end = _whole_day(day or _today(household.clock(), place), place)
    period = Period(home, camera, start, end)
    after = just_before(period)
    if cursor is not None:
        if not re.fullmatch(_CURSOR, cursor):
            raise BadSetting("There is no such page.")
        after = max(after, pictures_of(home, camera) + cursor)
    found = list(islice(_pictures(household.stored, period, after), PAGE + 1))
    shown = found[:PAGE]
    more = len(found) > PAGE
    return shown, shown[-1].key.removeprefix(pictures_of(home, camera)) if more else None


def _today(now: float, place: tzinfo) -> str:
    return datetime.fromtimestamp(now, place).date().isoformat()


def _whole_day(day: str, place: tzinfo) -> tuple[float, float]:
    """From its midnight to the next one: 23 to 25 hours. Raises BadSetting."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            raise ValueError
        begin = date.fromisoformat(day)
        days = (begin, begin + timedelta(days=1))
        start, end = (datetime.combine(each, time(), place).timestamp() for each in days)
    except (ValueError, OverflowError):
        raise BadSetting("A day is such as 2026-07-01.") from None
    if start < 0:
        raise BadSetting("There were no cameras on that day.")
    return start, end


def _pictures(stored: StoredKeys, period: Period, after: str) -> Iterator[Picture]:
    """One request to the bucket gives a thousand keys: most days need no other."""
    for key in stored.keys(pictures_of(period.home, period.camera), after=after):
        at = moment(key)
        if at is None or at < period.start:
            continue
        if at >= period.end:
            return
        yield Picture(key, at)
