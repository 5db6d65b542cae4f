"""The pictures of a day: of the day where the phone is, each once, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.errors import BadSetting
from doorbell.films.names import moment
from doorbell.household import camera_pictures
from tests.fakes import CAMERA, NOON
from tests.household_fakes import FakeHousehold, make_household

MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC).timestamp()
"""On this day Berlin's clocks go from two to three."""


def picture(at: float, name: str = "picture") -> str:
    """The key of a picture that came then."""
    place = (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=round(at * 1000))).strftime(
        "%Y/%m/%d/%H%M%S-%f"
    )[:-3]
    return f"pictures/home/{CAMERA.id}/{place}-{name}.jpeg"


def whole_day(
    made: FakeHousehold, day: str | None = "2026-03-29", zone: str = "UTC"
) -> list[float]:
    """The moments of all pictures of the day, as a phone asks for them."""
    found: list[float] = []
    cursor: str | None = None
    while True:
        page, cursor = camera_pictures.page(made.household, "home", CAMERA.id, day, zone, cursor)
        assert len(page) <= camera_pictures.PAGE
        found += [each.at for each in page]
        if cursor is None:
            return found


@given(st.sets(st.integers(-90_000, 180_000), max_size=150))
def test_every_picture_of_the_day_comes_once_and_no_other(seconds: set[int]) -> None:
    made = make_household()
    made.stored.kept = {picture(MIDNIGHT + second) for second in seconds}
    assert whole_day(made) == sorted(MIDNIGHT + s for s in seconds if 0 <= s < 86_400)


@pytest.mark.parametrize(
    ("zone", "begin", "hours"),
    [("UTC", 0, 24), ("Europe/Berlin", -1, 23), ("Pacific/Auckland", -13, 24)],
)
def test_a_day_is_that_of_the_zone(zone: str, begin: int, hours: int) -> None:
    """It may stand in the folders of two days, and have 23 hours."""
    made = make_household()
    made.stored.kept = {picture(MIDNIGHT + 3600 * hour) for hour in range(-48, 72)}
    expected = [MIDNIGHT + 3600 * (begin + hour) for hour in range(hours)]
    assert whole_day(made, zone=zone) == expected


def test_pictures_of_one_moment_are_all_shown() -> None:
    made = make_household()
    made.stored.kept = {picture(MIDNIGHT, f"name-{n:03d}") for n in range(130)}
    assert len(whole_day(made)) == 130


def test_without_a_day_it_is_today() -> None:
    made = make_household()
    made.stored.kept = {picture(NOON), picture(NOON - 86_400)}
    assert whole_day(made, None) == [NOON]


def test_one_listing_serves_a_page_of_it_from_where_it_begins() -> None:
    made = make_household()
    made.stored.kept = {picture(MIDNIGHT + n) for n in range(100)}
    _, cursor = camera_pictures.page(made.household, "home", CAMERA.id, "2026-03-29", "UTC", None)
    assert cursor == picture(MIDNIGHT + 47).removeprefix("pictures/home/camera/")
    assert len(made.stored.asked) == 1


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-3-1", "yesterday", "9999-12-31", "1969-12-31", "20260329", ""]
)
def test_a_day_that_is_none_is_refused(day: str) -> None:
    made = make_household()
    if day:
        with pytest.raises(BadSetting):
            camera_pictures.page(made.household, "home", CAMERA.id, day, "UTC", None)
    else:
        assert whole_day(made, day) == []


@pytest.mark.parametrize("zone", ["", "Berlin", "../etc", "\x00"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(BadSetting):
        whole_day(make_household(), zone=zone)


@pytest.mark.parametrize(
    "cursor", ["", "x", "../../away", "2026/03/29/000000-000-a/b.jpeg", "2026/03/29/000000-000-a"]
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    made = make_household()
    with pytest.raises(BadSetting):
        camera_pictures.page(made.household, "home", CAMERA.id, "2026-03-29", "UTC", cursor)
    assert made.stored.asked == []


def test_the_test_s_keys_are_pictures_keys() -> None:
    assert moment(picture(NOON + 0.25)) == NOON + 0.25


def test_today_is_the_day_where_the_phone_is() -> None:
    """At a quarter past ten in the evening it is tomorrow morning in Auckland."""
    made = make_household()
    tomorrow = NOON + 3 * 3600
    made.stored.kept = {picture(NOON - 20 * 3600), picture(tomorrow)}
    assert whole_day(made, None, "Pacific/Auckland") == [tomorrow]


def test_what_is_no_picture_is_passed_over() -> None:
    made = make_household()
    last = picture(MIDNIGHT + 60)
    made.stored.kept = {last, last.replace("000100-000", "000000-xyz")}
    assert whole_day(made) == [MIDNIGHT + 60]


@pytest.mark.parametrize(("day", "was"), [("1970-01-01", True), ("1969-12-31", False)])
def test_days_begin_with_the_clock_of_computers(day: str, was: bool) -> None:
    made = make_household()
    if was:
        assert whole_day(made, day) == []
    else:
        with pytest.raises(BadSetting, match="no cameras"):
            whole_day(made, day)


def test_a_page_that_holds_all_pictures_is_the_last_one() -> None:
    made = make_household()
    made.stored.kept = {picture(MIDNIGHT + n) for n in range(camera_pictures.PAGE)}
    found, cursor = camera_pictures.page(
        made.household, "home", CAMERA.id, "2026-03-29", "UTC", None
    )
    assert (len(found), cursor) == (camera_pictures.PAGE, None)
