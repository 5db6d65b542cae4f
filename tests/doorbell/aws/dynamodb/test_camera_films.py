"""Films of cameras: pages of them, and the one that is being made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.aws.dynamodb.camera_films import CameraFilmTable
from doorbell.errors import BadSetting, Conflict
from doorbell.household.model import CameraFilm, FilmUnderWay
from tests.fakes import NOON

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from tests.doorbell.aws.household_ports import HouseholdPorts

LATER = NOON + 30 * 86_400
UNDER_WAY = FilmUnderWay("home", "yard", "0a1b2c3d", NOON - 60, NOON, NOON + 600)


def film(number: int, camera: str = "yard") -> CameraFilm:
    """A film whose end is that many minutes ago."""
    end = NOON - 60 * number
    place = f"films/home/{camera}/{number}"
    return CameraFilm(
        "home", camera, f"{number:08x}", end - 60, end, NOON, f"{place}.gif", f"{place}.mp4", 9, 1
    )


def test_films_come_in_pages_the_latest_end_first(ports: HouseholdPorts) -> None:
    """Each once, whatever order they were told in; those of other cameras are others'."""
    films = [film(number) for number in range(5)]
    for each in (*films[2:], *films[:2], films[0], film(7, "yard-2"), film(8, "yar")):
        ports.camera_films.made(each, LATER)
    found: list[CameraFilm] = []
    cursor: str | None = None
    sizes = []
    while True:
        page, cursor = ports.camera_films.before("home", "yard", cursor, 2)
        found += page
        sizes.append(len(page))
        if cursor is None:
            break
    assert found == films
    assert sizes[:2] == [2, 2]
    assert ports.camera_films.before("away", "yard", None, 9) == ([], None)


def test_pages_go_on_among_films_of_one_end_whatever_letters_their_ids_have(
    ports: HouseholdPorts,
) -> None:
    films = [film(1)._replace(id=name) for name in ("a-a", "a-b", "a-b-c", "a_")]
    for each in films:
        ports.camera_films.made(each, LATER)
    found: list[CameraFilm] = []
    page, cursor = ports.camera_films.before("home", "yard", None, 1)
    while cursor is not None:
        found += page
        page, cursor = ports.camera_films.before("home", "yard", cursor, 1)
    assert found + page == films[::-1]


def test_a_film_and_what_became_of_one_that_failed_are_kept_as_long(table: Table) -> None:
    films = CameraFilmTable(table)
    films.made(film(1), LATER)
    films.failed(film(2)._replace(gif=None, mp4=None, reason="unavailable"), LATER)
    assert [row["ttl"] for row in table.starting("home", "film#")] == [int(LATER)] * 2


@pytest.mark.parametrize(
    "cursor", ["", "x", "1700000000000", "1700000000000-a/b", "1700000000000-é"]
)
def test_a_cursor_that_is_none_is_refused(ports: HouseholdPorts, cursor: str) -> None:
    with pytest.raises(BadSetting):
        ports.camera_films.before("home", "yard", cursor, 2)


def test_a_film_that_was_made_stays_one(ports: HouseholdPorts) -> None:
    """Its machine may fail behind it. The other way round it was made all the same."""
    made = film(1)
    failed = made._replace(gif=None, mp4=None, frames=0, skipped=0, reason="unavailable")
    ports.camera_films.failed(failed, LATER)
    ports.camera_films.failed(failed, LATER)
    assert ports.camera_films.before("home", "yard", None, 9) == ([failed], None)
    ports.camera_films.made(made, LATER)
    ports.camera_films.failed(failed, LATER)
    assert ports.camera_films.before("home", "yard", None, 9) == ([made], None)


def test_one_film_of_a_camera_is_under_way(ports: HouseholdPorts) -> None:
    """Until it ends, or its time is over."""
    films = ports.camera_films
    second = UNDER_WAY._replace(id="second", expires_at=NOON + 1200)
    films.begin(UNDER_WAY, NOON)
    for now in (NOON, NOON + 599):
        with pytest.raises(Conflict):
            films.begin(second, now)
    films.begin(UNDER_WAY._replace(camera="gate"), NOON)
    assert films.under_way("home", "yard") == UNDER_WAY
    films.begin(second, NOON + 600)
    films.ended("home", "yard", UNDER_WAY.id)
    assert films.under_way("home", "yard") == second
    films.ended("home", "yard", "second")
    films.begin(UNDER_WAY, NOON + 601)
    assert films.under_way("home", "yard") == UNDER_WAY


def test_the_end_of_a_film_that_nobody_asked_for_is_no_fault(ports: HouseholdPorts) -> None:
    """A schedule has made it."""
    ports.camera_films.ended("home", "yard", "0a1b2c3d")
    assert ports.camera_films.under_way("home", "yard") is None
