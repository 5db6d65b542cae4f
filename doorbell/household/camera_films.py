"""Films of what a camera saw: those that are kept, why one failed, and a new one.

A row of the table stands for each, written as the bus tells of it, maybe twice. One film of a
camera is made at a time for the phones: each costs, and a finger taps quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.errors import Conflict
from doorbell.films.model import Period
from doorbell.films.names import film_id
from doorbell.household.model import DAY, FilmUnderWay
from doorbell.household.problems import Problem

if TYPE_CHECKING:
    from doorbell.household.model import CameraFilm
    from doorbell.household.services import Household

PAGE: Final = 10
"""Films on a page."""
LONGEST: Final = 366 * DAY
"""Seconds that a film may show."""
MADE_WITHIN: Final = 6 * 3600 + 300
"""Seconds after which a film is made or never will be: the state machine `film` ends before."""
_NAMES: Final = 16**16


def page(
    household: Household, home: str, camera: str, cursor: str | None
) -> tuple[list[CameraFilm], str | None]:
    """Films, the latest end first, and the cursor of the next page. Raises BadSetting."""
    films, cursor = household.camera_films.before(home, camera, cursor, PAGE)
    return [each for each in films if _is_kept(household, each)], cursor


def count(household: Household, home: str, camera: str, most: int) -> int:
    """How many can be seen, up to `most`."""
    films, _ = household.camera_films.before(home, camera, None, most)
    return sum(each.mp4 is not None and _is_kept(household, each) for each in films)


def under_way(household: Household, home: str, camera: str) -> FilmUnderWay | None:
    """The film that is being made for the phones."""
    found = household.camera_films.under_way(home, camera)
    return found if found and found.expires_at > household.clock() else None


def make(household: Household, home: str, camera: str, start: float, end: float) -> str:
    """Begin the film of what was seen from `start` until `end`, or now if that comes first; the
    film's id.

    Raises Problem `bad_field`, `film_under_way`.
    """
    now = household.clock()
    end = min(end, now)
    if not start < end:
        raise Problem("bad_field", "A film begins in the past, and ends after it has begun.")
    if end - start > LONGEST:
        raise Problem("bad_field", "A film shows 366 days at most.")
    execution = f"{household.randbelow(_NAMES):016x}"
    film = FilmUnderWay(home, camera, film_id(execution), start, end, now + MADE_WITHIN)
    try:
        household.camera_films.begin(film, now)
    except Conflict:
        raise Problem("film_under_way", "A film of this camera is being made.") from None
    try:
        household.films.start(Period(home, camera, start, end), name=execution)
    except Exception:
        household.camera_films.ended(home, camera, film.id)
        raise
    return film.id


def film_told(household: Household, film: CameraFilm) -> None:
    """It is made, or there will be none. Of a camera that is gone nothing is written down: its home
    may have been forgotten.
    """
    keep_until = film.told_at + household.picture_days * DAY
    known = household.devices.find(film.home, film.camera)
    if known and film.reason is None:
        household.camera_films.made(film, keep_until)
    elif known:
        household.camera_films.failed(film, keep_until)
    household.camera_films.ended(film.home, film.camera, film.id)


def _is_kept(household: Household, film: CameraFilm) -> bool:
    """The bucket forgets a film after so many days; the table is slower."""
    return household.clock() < film.told_at + household.picture_days * DAY
