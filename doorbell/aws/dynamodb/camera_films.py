"""Films of cameras in the table: a row for each, in order of their ends, and one for what is made
now.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell.aws.dynamodb.table import DAY
from doorbell.aws.dynamodb.values import millis, read
from doorbell.errors import BadSetting, Conflict
from doorbell.household.model import CameraFilm, FilmUnderWay

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table

_CURSOR: Final = r"[0-9]{13}-[A-Za-z0-9_-]{1,100}"


class CameraFilmTable:
    """`doorbell.household.ports.CameraFilms`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def made(self, film: CameraFilm, keep_until: float) -> None:
        """Whatever was told of it before."""
        self._table.put({**film._asdict(), "sk": _sk(film), "ttl": int(keep_until)})

    def failed(self, film: CameraFilm, keep_until: float) -> None:
        """Unless it was made all the same."""
        item = {**film._asdict(), "sk": _sk(film), "ttl": int(keep_until)}
        with suppress(Conflict):
            self._table.put(item, "attribute_not_exists(mp4)")

    def before(
        self, home: str, camera: str, cursor: str | None, most: int
    ) -> tuple[list[CameraFilm], str | None]:
        """Raises BadSetting if the cursor is none."""
        if cursor is not None and not re.fullmatch(_CURSOR, cursor):
            raise BadSetting("There is no such page.")
        place = _place(camera)
        start = f"{place}{cursor.replace('-', '#', 1)}" if cursor else None
        items, more = self._table.latest(home, place, f"{place}~", most, before=start)
        films = [read(CameraFilm, item) for item in items]
        last = items[-1]["sk"].removeprefix(place).replace("#", "-", 1) if items else None
        return films, last if more else None

    def under_way(self, home: str, camera: str) -> FilmUnderWay | None:
        """It may be over: `expires_at` says."""
        item = self._table.get(home, _making(camera))
        return read(FilmUnderWay, item) if item else None

    def begin(self, film: FilmUnderWay, now: float) -> None:
        """Raises Conflict."""
        item = {**film._asdict(), "sk": _making(film.camera), "ttl": int(film.expires_at) + DAY}
        self._table.put(item, "attribute_not_exists(sk) OR expires_at <= :now", {":now": now})

    def ended(self, home: str, camera: str, film: str) -> None:
        """The row stays until its time is over, and says that nothing is made."""
        with suppress(Conflict):
            self._table.update(
                home, _making(camera), "SET expires_at = :over", "id = :id",
                {":over": 0, ":id": film},
            )  # fmt: skip


def _place(camera: str) -> str:
    return f"film#{camera}#"


def _sk(film: CameraFilm) -> str:
    return f"{_place(film.camera)}{millis(film.end)}#{film.id}"


def _making(camera: str) -> str:
    return f"filming#{camera}"
