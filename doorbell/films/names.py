"""Where bursts, pictures and films stand in the bucket."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import UTC, datetime
from typing import Final

from doorbell.films.model import Burst, FilmKeys, Party, Period

_ID: Final = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
_RING: Final = "[A-Za-z0-9_-]{1,64}"
_DAY: Final = r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)"
_CLOCK: Final = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)-(?P<milli>\d{3})"
_RING_BURST: Final = re.compile(rf"guest/({_ID})/({_RING})/burst\.mjpeg")
_PARTY_BURST: Final = re.compile(
    rf"bursts/({_ID})/({_ID})/{_DAY}/({_CLOCK}-[A-Za-z0-9_-]{{1,80}})\.mjpeg"
)
_PICTURE: Final = re.compile(rf"pictures/{_ID}/{_ID}/{_DAY}/{_CLOCK}-[^/]+\.jpeg")
_PARTS: Final = ("year", "month", "day", "hour", "minute", "second", "milli")


def ring_film(home: str, ring: str) -> FilmKeys:
    """The film of a ring. A lifecycle rule expires all of `guest/`."""
    return FilmKeys(f"guest/{home}/{ring}/film.gif", f"guest/{home}/{ring}/film.mp4")


def burst_of(key: str) -> Burst | None:
    """What the object `key` is a burst of, or None if it is something else."""
    if found := _RING_BURST.fullmatch(key):
        home, ring = found.groups()
        return Burst(key, home, ring_film(home, ring), ring=ring)
    if (found := _PARTY_BURST.fullmatch(key)) and (at := _moment(found)) is not None:
        home, camera, stem = found.group(1, 2, 6)
        place = f"films/{home}/{camera}/{stem}"
        film = FilmKeys(f"{place}.gif", f"{place}.mp4")
        return Burst(key, home, film, party=Party(camera, film_id(stem), at))
    return None


def pictures_of(home: str, camera: str) -> str:
    """What the keys of a camera's pictures begin with; their order is that of time."""
    return f"pictures/{home}/{camera}/"


def moment(key: str) -> float | None:
    """When the picture of this key came; None if it is no picture's."""
    found = _PICTURE.fullmatch(key)
    return _moment(found) if found else None


def _moment(found: re.Match[str]) -> float | None:
    """The moment that a key says; None if there is no such day or time."""
    *when, milli = map(int, found.group(*_PARTS))
    try:
        # Not strptime: it takes ten times as long, and there are ten thousand.
        return datetime(*when, milli * 1000, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def just_before(period: Period) -> str:
    """A key that stands before all pictures of the period, and behind those before it."""
    at = time.gmtime(period.start)
    milli = int(period.start % 1 * 1000)
    place = time.strftime("%Y/%m/%d/%H%M%S", at)
    return f"{pictures_of(period.home, period.camera)}{place}-{milli:03d}"


def film_id(name: str) -> str:
    """The id of a film that is made by the execution, or of the burst, of this name: eight
    hexadecimal digits, the same each time that it is asked for.
    """
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def period_film(period: Period, film: str) -> FilmKeys:
    """The film of a period; `film` is its id."""
    begin, end = (time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at)) for at in period[2:])
    place = f"films/{period.home}/{period.camera}/{begin}-{end}-{film}"
    return FilmKeys(f"{place}.gif", f"{place}.mp4")


def segments_of(home: str, camera: str, film: str) -> str:
    """What the keys of a film's segments begin with."""
    return f"films/{home}/{camera}/segments/{film}/"


def segment_key(home: str, camera: str, film: str, number: int) -> str:
    """One segment; their order is that of the film."""
    return f"{segments_of(home, camera, film)}{number:04d}.mp4"
