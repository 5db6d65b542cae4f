"""What cameras saw: the last picture, films that are whole, and a film that is begun."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.films.model import Period
from doorbell.films.names import moment, period_film, period_of
from doorbell.household import cameras
from doorbell.household.model import DAY
from doorbell.household.problems import Problem
from tests.fakes import CAMERA, NOON
from tests.household_fakes import FakeStoredKeys, make_household

YEAR = 366 * DAY


def picture(at: float, camera: str = CAMERA.id) -> str:
    """The key of a picture that came then."""
    place = (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=round(at * 1000))).strftime(
        "%Y/%m/%d/%H%M%S-%f"
    )[:-3]
    return f"pictures/home/{camera}/{place}-picture.jpeg"


@given(st.lists(st.integers(0, 30 * 86_400), min_size=1, max_size=20))
def test_the_last_picture_of_a_month_is_found(ages: list[int]) -> None:
    stored = FakeStoredKeys()
    stored.kept = {picture(NOON - age) for age in ages}
    found = cameras.last_picture(stored, "home", CAMERA.id, NOON)
    assert found
    assert (found.key, found.at) == (picture(NOON - min(ages)), NOON - min(ages))


def test_without_a_picture_the_days_that_are_looked_through_are_few() -> None:
    stored = FakeStoredKeys()
    stored.kept = {picture(NOON - 40 * DAY), picture(NOON, "other")}
    assert cameras.last_picture(stored, "home", CAMERA.id, NOON) is None
    assert len(stored.asked) == cameras.LOOKED_BACK + 1


def test_each_camera_of_the_home_is_shown_by_name() -> None:
    made = make_household()
    made.devices.add(CAMERA._replace(id="attic", name="attic"))
    made.stored.kept = {picture(NOON - 5), picture(NOON - 9)}
    attic, other = cameras.show_all(made.household, "home")
    assert (attic.device.id, attic.picture) == ("attic", None)
    assert (other.device, other.picture) == (CAMERA, (picture(NOON - 5), NOON - 5))
    assert cameras.show_all(made.household, "away") == []


@given(st.integers(0, 4_000_000_000), st.integers(1, 400 * 86_400))
def test_the_key_of_a_film_says_its_period(start: int, length: int) -> None:
    period = Period("home", "garden", float(start), float(start + length))
    assert {period_of(key) for key in period_film(period, "0a1b2c3d")} == {period}


@pytest.mark.parametrize(
    "key",
    ["films/home/garden/segments/0a1b2c3d/0001.mp4", "films/home/garden/201530-042-3f1d.mp4",
     "films/home/garden/20231301T000000Z-20231302T000000Z-a.mp4", "", "pictures/home/garden/x"],
)  # fmt: skip
def test_another_key_has_no_period(key: str) -> None:
    assert period_of(key) is None


def test_films_are_shown_once_they_are_whole_the_latest_first() -> None:
    """The GIF is made after the MP4; parts of a film are no film."""
    made = make_household()
    old = Period("home", CAMERA.id, NOON - 3 * DAY, NOON - 2 * DAY)
    new = Period("home", CAMERA.id, NOON - DAY, NOON)
    other = Period("home", "other", NOON - DAY, NOON)
    for period in (old, new, other):
        made.stored.kept |= {*period_film(period, "0a1b2c3d")}
    made.stored.kept.add(period_film(new, "being-made").mp4)
    made.stored.kept.add(f"films/home/{CAMERA.id}/segments/0a1b2c3d/0001.mp4")
    shown = cameras.films(made.household, "home", CAMERA.id)
    assert [each.period for each in shown] == [new, old]
    assert shown[0].keys == period_film(new, "0a1b2c3d")


def test_the_latest_fifty_are_shown() -> None:
    made = make_household()
    for age in range(cameras.SHOWN + 3):
        period = Period("home", CAMERA.id, NOON - age * DAY - 60, NOON - age * DAY)
        made.stored.kept |= {*period_film(period, "0a1b2c3d")}
    shown = cameras.films(made.household, "home", CAMERA.id)
    assert len(shown) == cameras.SHOWN
    assert shown[0].period.end == NOON


def test_a_film_ends_now_at_the_latest() -> None:
    """A phone's clock may be ahead."""
    made = make_household()
    cameras.make_film(made.household, "home", CAMERA.id, NOON - DAY, NOON + 90)
    assert made.films.started == [Period("home", CAMERA.id, NOON - DAY, NOON)]


def test_a_film_shows_a_year_at_most() -> None:
    made = make_household()
    cameras.make_film(made.household, "home", CAMERA.id, NOON - YEAR, NOON)
    for start, end in ((NOON - YEAR - 1, NOON), (NOON, NOON), (NOON + 5, NOON + 9), (NOON, 0)):
        with pytest.raises(Problem, match=r"A film"):
            cameras.make_film(made.household, "home", CAMERA.id, start, end)
    assert len(made.films.started) == 1


def test_the_test_s_keys_are_pictures_keys() -> None:
    assert moment(picture(NOON + 0.25)) == NOON + 0.25
