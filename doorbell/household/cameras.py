"""What a home's cameras saw: the last picture of each, its films, and a film of a period."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import BadName
from doorbell.films.model import FilmKeys, Period
from doorbell.films.names import films_of, moment, period_of, pictures_of
from doorbell.homes import check_id
from doorbell.household.model import DAY
from doorbell.household.problems import Problem, not_found
from doorbell.parallel import side_by_side

if TYPE_CHECKING:
    from doorbell.household.ports import StoredKeys
    from doorbell.household.services import Household
    from doorbell.model import Device

LOOKED_BACK: Final = 30
"""Days that are looked through for the last picture: for so long they are kept (`PictureDays`)."""
SHOWN: Final = 50
"""Films of a camera that are shown, the latest."""
LONGEST: Final = 366 * DAY
"""Seconds that a film may show."""


class Picture(NamedTuple):
    """A picture that is kept. `at` is the moment of its arrival, epoch seconds."""

    key: str
    at: float


class ShownCamera(NamedTuple):
    """A camera as the phones see it."""

    device: Device
    picture: Picture | None


class KeptFilm(NamedTuple):
    """A film of a period that is whole: both of its files are there."""

    period: Period
    keys: FilmKeys


def show_all(household: Household, home: str) -> list[ShownCamera]:
    """The cameras of a home, by name."""
    cameras = [each for each in household.devices.all(home) if each.role == "camera"]
    cameras.sort(key=lambda each: each.name.casefold())
    if not cameras:
        return []
    now = household.clock()
    pictures = side_by_side(
        *(partial(last_picture, household.stored, home, each.id, now) for each in cameras)
    )
    return [ShownCamera(*each) for each in zip(cameras, pictures, strict=True)]


def last_picture(stored: StoredKeys, home: str, camera: str, now: float) -> Picture | None:
    """Day by day backwards, then hour by hour in the first day that has any."""
    for ago in range(LOOKED_BACK + 1):
        day = pictures_of(home, camera) + time.strftime("%Y/%m/%d/", time.gmtime(now - ago * DAY))
        if next(stored.keys(day), None) is not None:
            return _last_of_day(stored, day)
    return None


def films(household: Household, home: str, camera: str) -> list[KeptFilm]:
    """The latest first. Raises Problem `not_found`."""
    place = films_of(home, _known(household, home, camera))
    keys = set(household.stored.keys(place))
    found = [
        KeptFilm(period, FilmKeys(f"{stem}.gif", f"{stem}.mp4"))
        for key in keys
        if (stem := key.removesuffix(".mp4")) != key
        and f"{stem}.gif" in keys
        and (period := period_of(key)) is not None
    ]
    found.sort(key=lambda each: (each.period.end, each.period.start, each.keys), reverse=True)
    return found[:SHOWN]


def make_film(household: Household, home: str, camera: str, start: float, end: float) -> None:
    """Begin the film of what was seen from `start` until `end`, or now if that comes first.

    Raises Problem `not_found`, `bad_field`.
    """
    known = _known(household, home, camera)
    end = min(end, household.clock())
    if not start < end:
        raise Problem("bad_field", "A film begins in the past, and ends after it has begun.")
    if end - start > LONGEST:
        raise Problem("bad_field", "A film shows 366 days at most.")
    household.films.start(Period(home, known, start, end))


def _known(household: Household, home: str, camera: str) -> str:
    """The id of a camera of this home. Raises Problem `not_found`."""
    try:
        found = household.devices.find(home, check_id(camera, "camera"))
    except BadName:
        found = None
    if found is None or found.role != "camera":
        raise not_found()
    return found.id


def _last_of_day(stored: StoredKeys, day: str) -> Picture | None:
    for hour in range(23, -1, -1):
        keys = ((key, moment(key)) for key in stored.keys(f"{day}{hour:02d}"))
        last = deque(((key, at) for key, at in keys if at is not None), maxlen=1)
        if last:
            return Picture(*last.pop())
    return None
