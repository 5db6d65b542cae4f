"""Where bursts, pictures and films stand in the bucket."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Final

from doorbell.films.model import Burst, FilmKeys, Period

_ID: Final = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
_RING: Final = "[A-Za-z0-9_-]{1,64}"
_RING_BURST: Final = re.compile(rf"guest/({_ID})/({_RING})/burst\.mjpeg")
_PARTY_BURST: Final = re.compile(
    rf"bursts/({_ID})/({_ID})/\d{{4}}/\d\d/\d\d/(\d{{6}}-\d{{3}}-[A-Za-z0-9_-]{{1,80}})\.mjpeg"
)
_PICTURE: Final = re.compile(
    rf"pictures/{_ID}/{_ID}/(\d{{4}})/(\d\d)/(\d\d)/(\d\d)(\d\d)(\d\d)-(\d{{3}})-[^/]+\.jpeg"
)
_MOMENT: Final = r"\d{8}T\d{6}Z"
_PERIOD_FILM: Final = re.compile(
    rf"films/({_ID})/({_ID})/({_MOMENT})-({_MOMENT})-[A-Za-z0-9_-]{{1,64}}\.(?:gif|mp4)", re.ASCII
)


def ring_film(home: str, ring: str) -> FilmKeys:
    """The film of a ring. A lifecycle rule expires all of `guest/`."""
    return FilmKeys(f"guest/{home}/{ring}/film.gif", f"guest/{home}/{ring}/film.mp4")


def burst_of(key: str) -> Burst | None:
    """What the object `key` is a burst of, or None if it is something else."""
    if found := _RING_BURST.fullmatch(key):
        home, ring = found.groups()
        return Burst(key, home, ring_film(home, ring), ring=ring)
    if found := _PARTY_BURST.fullmatch(key):
        home, camera, stem = found.groups()
        place = f"films/{home}/{camera}/{stem}"
        return Burst(key, home, FilmKeys(f"{place}.gif", f"{place}.mp4"), camera=camera)
    return None


def pictures_of(home: str, camera: str) -> str:
    """What the keys of a camera's pictures begin with; their order is that of time."""
    return f"pictures/{home}/{camera}/"


def moment(key: str) -> float | None:
    """When the picture of this key came; None if it is no picture's."""
    found = _PICTURE.fullmatch(key)
    if found is None:
        return None
    year, month, day, hour, minute, second, milli = map(int, found.groups())
    try:
        # Not strptime: it takes ten times as long, and there are ten thousand.
        at = datetime(year, month, day, hour, minute, second, milli * 1000, tzinfo=UTC)
    except ValueError:
        return None
    return at.timestamp()


def just_before(period: Period) -> str:
    """A key that stands before all pictures of the period, and behind those before it."""
    at = time.gmtime(period.start)
    milli = int(period.start % 1 * 1000)
    place = time.strftime("%Y/%m/%d/%H%M%S", at)
    return f"{pictures_of(period.home, period.camera)}{place}-{milli:03d}"


def period_film(period: Period, film: str) -> FilmKeys:
    """The film of a period; `film` is its id."""
    begin, end = (time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at)) for at in period[2:])
    place = f"films/{period.home}/{period.camera}/{begin}-{end}-{film}"
    return FilmKeys(f"{place}.gif", f"{place}.mp4")


def films_of(home: str, camera: str) -> str:
    """What the keys of a camera's films begin with."""
    return f"films/{home}/{camera}/"


def period_of(key: str) -> Period | None:
    """Which period the film of this key shows; None if it is none of a period."""
    found = _PERIOD_FILM.fullmatch(key)
    if found is None:
        return None
    home, camera, *texts = found.groups()
    try:
        start, end = (datetime.strptime(text, "%Y%m%dT%H%M%S%z").timestamp() for text in texts)
    except ValueError:
        return None
    return Period(home, camera, start, end)


def segments_of(home: str, camera: str, film: str) -> str:
    """What the keys of a film's segments begin with."""
    return f"films/{home}/{camera}/segments/{film}/"


def segment_key(home: str, camera: str, film: str, number: int) -> str:
    """One segment; their order is that of the film."""
    return f"{segments_of(home, camera, film)}{number:04d}.mp4"
