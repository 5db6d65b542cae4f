"""A film of each day or week of a camera, made by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias
from zoneinfo import available_timezones

from doorbell.errors import BadSetting
from doorbell.homes import check_id

if TYPE_CHECKING:
    from doorbell.films.ports import Schedules

Every: TypeAlias = Literal["day", "week"]

DAYS: Final[dict[Every, int]] = {"day": 1, "week": 7}
"""How many days such a film shows."""
_ON: Final[dict[Every, str]] = {"day": "* * ?", "week": "? * MON"}
"""Day of the month, month and day of the week (EventBridge Scheduler, "Cron-based schedules")."""
_ON_READ: Final = {on: every for every, on in _ON.items()}
_CRON: Final = re.compile(r"cron\(([0-9]{1,2}) ([0-9]{1,2}) (.+) \*\)")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class Schedule(NamedTuple):
    """When films are made by themselves: at `time` (HH:MM) in an IANA zone."""

    every: Every
    time: str
    zone: str


def find_schedule(schedules: Schedules, home: str, camera: str) -> Schedule | None:
    """What was set; None if nothing is. Raises BadName."""
    found = schedules.find(home, check_id(camera, "camera"))
    cron = _CRON.fullmatch(found[0]) if found else None
    if not found or not cron or cron[3] not in _ON_READ:
        return None
    return Schedule(_ON_READ[cron[3]], f"{int(cron[2]):02d}:{int(cron[1]):02d}", found[1])


def set_schedule(
    schedules: Schedules, home: str, camera: str, every: Every, time: str, zone: str
) -> None:
    """From now on, a film of the last day (or week, on Mondays) is made at this time, HH:MM in an
    IANA zone; a former schedule of this camera is replaced. Raises BadSetting, BadName.
    """
    check_id(camera, "camera")
    found = _TIME.fullmatch(time)
    if found is None:
        raise BadSetting("A time is HH:MM, such as 06:00.")
    if zone not in available_timezones():
        raise BadSetting("There is no such time zone.")
    hour, minute = map(int, found.groups())
    when = f"cron({minute} {hour} {_ON[every]} *)"
    schedules.set(home, camera, when, zone, {"home": home, "camera": camera, "days": DAYS[every]})


def remove_schedule(schedules: Schedules, home: str, camera: str) -> None:
    """No more films by themselves; none were is no error. Raises BadName."""
    schedules.remove(home, check_id(camera, "camera"))
