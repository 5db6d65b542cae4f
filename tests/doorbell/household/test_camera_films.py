"""Films of cameras: one at a time, pages of those that are kept, and the word of each."""

from __future__ import annotations

from typing import Any

import pytest

from doorbell.films.model import Period
from doorbell.films.names import film_id
from doorbell.household import camera_films
from doorbell.household.model import DAY, CameraFilm
from doorbell.household.problems import Problem
from tests.fakes import CAMERA, NOON
from tests.household_fakes import FakeHousehold, make_household

YEAR = 366 * DAY


def make(made: FakeHousehold, start: float = NOON - DAY, end: float = NOON) -> str:
    """A phone asks for a film."""
    return camera_films.make(made.household, "home", CAMERA.id, start, end)


def told(made: FakeHousehold, film: str, **other: Any) -> CameraFilm:
    """The bus says that it is made."""
    said = CameraFilm("home", CAMERA.id, film, NOON - DAY, NOON, NOON, "a.gif", "a.mp4", 3)
    said = said._replace(**other)
    camera_films.film_told(made.household, said)
    return said


def test_a_film_has_the_id_of_its_execution() -> None:
    made = make_household()
    film = make(made)
    assert made.films.started == [Period("home", CAMERA.id, NOON - DAY, NOON)]
    assert [film_id(name or "") for name in made.films.names] == [film]
    under_way = camera_films.under_way(made.household, "home", CAMERA.id)
    assert under_way
    assert (under_way.id, under_way.start, under_way.end) == (film, NOON - DAY, NOON)


def test_one_film_of_a_camera_is_made_at_a_time() -> None:
    """Each starts an execution, which costs. Another camera's is another one."""
    made = make_household()
    make(made)
    with pytest.raises(Problem) as refused:
        make(made)
    assert (refused.value.name, refused.value.status) == ("film_under_way", 409)
    camera_films.make(made.household, "home", "other", NOON - 1, NOON)
    assert len(made.films.started) == 2


@pytest.mark.parametrize("reason", [None, "no_pictures"])
def test_when_it_is_made_or_failed_the_next_may_begin(reason: str | None) -> None:
    made = make_household()
    film = make(made)
    told(made, "of-a-schedule")
    assert camera_films.under_way(made.household, "home", CAMERA.id)
    told(made, film, reason=reason)
    assert camera_films.under_way(made.household, "home", CAMERA.id) is None
    assert make(made) != film


def test_a_film_that_nobody_tells_of_does_not_stand_in_the_way_for_ever() -> None:
    """The machine itself ends after six hours."""
    made = make_household()
    make(made)
    made.clock.now += camera_films.MADE_WITHIN - 1
    with pytest.raises(Problem):
        make(made)
    made.clock.now += 1
    assert camera_films.under_way(made.household, "home", CAMERA.id) is None
    make(made)


def test_a_machine_that_does_not_start_stands_in_nobodys_way() -> None:
    made = make_household()
    made.films.breaks = ConnectionError()
    with pytest.raises(ConnectionError):
        make(made)
    made.films.breaks = None
    make(made)


def test_a_film_ends_now_at_the_latest() -> None:
    """A phone's clock may be ahead."""
    made = make_household()
    make(made, NOON - DAY, NOON + 90)
    assert made.films.started == [Period("home", CAMERA.id, NOON - DAY, NOON)]


@pytest.mark.parametrize(
    ("start", "end"),
    [(NOON - YEAR - 1, NOON), (NOON, NOON), (NOON + 5, NOON + 9), (NOON, 0)],
)
def test_a_period_that_cannot_be_begins_nothing(start: float, end: float) -> None:
    made = make_household()
    with pytest.raises(Problem, match=r"A film"):
        make(made, start, end)
    assert not made.films.started
    make(made, NOON - YEAR, NOON)


def test_a_film_may_be_told_twice_and_is_shown_once() -> None:
    made = make_household()
    film = told(made, "a")
    told(made, "a")
    assert camera_films.page(made.household, "home", CAMERA.id, None) == ([film], None)


def test_a_film_that_failed_is_shown_with_its_reason() -> None:
    made = make_household()
    failed = told(made, "a", reason="no_pictures", gif=None, mp4=None)
    assert camera_films.page(made.household, "home", CAMERA.id, None) == ([failed], None)
    assert camera_films.count(made.household, "home", CAMERA.id, 100) == 0


@pytest.mark.parametrize("reason", [None, "unavailable"])
def test_of_a_camera_that_is_gone_nothing_is_written_down(reason: str | None) -> None:
    """Its home may have been forgotten while the film was made."""
    made = make_household()
    film = make(made)
    made.household.devices.remove("home", CAMERA.id)
    told(made, film, reason=reason)
    assert camera_films.page(made.household, "home", CAMERA.id, None) == ([], None)
    assert camera_films.under_way(made.household, "home", CAMERA.id) is None


def test_films_come_in_pages_and_go_with_the_bucket() -> None:
    made = make_household()
    films = [
        told(made, f"{n:02d}", end=NOON - n, told_at=NOON - 29.5 * DAY * (n == 3))
        for n in range(camera_films.PAGE + 3)
    ]
    first, cursor = camera_films.page(made.household, "home", CAMERA.id, None)
    rest, end = camera_films.page(made.household, "home", CAMERA.id, cursor)
    assert ([*first, *rest], end) == (films, None)
    assert len(first) == camera_films.PAGE
    made.clock.now += DAY
    kept, _ = camera_films.page(made.household, "home", CAMERA.id, None)
    assert kept == [each for each in first if each.id != "03"]


def test_a_film_is_remembered_as_long_as_the_bucket_keeps_it() -> None:
    made = make_household()
    told(made, "a")
    told(made, "b", gif=None, mp4=None, reason="no_pictures")
    assert made.camera_films.until == [NOON + 30 * DAY] * 2


def test_a_film_that_can_be_seen_stays_whatever_failed_afterwards() -> None:
    """The bus tells in any order: a former try of the same film had failed."""
    made = make_household()
    good = told(made, "a")
    told(made, "a", gif=None, mp4=None, reason="unavailable")
    assert list(made.camera_films.kept.values()) == [good]
