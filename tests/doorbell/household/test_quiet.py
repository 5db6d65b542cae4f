"""Quiet hours go by the clock on the wall: over midnight, in any zone, when an hour is lost."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.errors import BadSetting
from doorbell.household.model import Quiet, QuietHours
from doorbell.household.quiet import check_hours, is_quiet
from tests.fakes import NOON

NIGHT = QuietHours("22:00", "07:00", "Europe/Berlin")
ZONES = sorted(zone for zone in available_timezones() if zone not in ("localtime", "Factory"))

clocks = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
moments = st.floats(0, 4_000_000_000)


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> float:
    """Epoch seconds of a moment by the clock on the wall."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return wall.timestamp()


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59:59", True),
     ("07:00", False), ("12:00", False)],
)  # fmt: skip
def test_hours_over_midnight_hold_from_their_start_to_their_end(clock: str, quiet: bool) -> None:
    assert is_quiet(Quiet(NIGHT), at(f"2026-01-15T{clock}")) is quiet


@pytest.mark.parametrize(
    ("clock", "quiet"), [("12:59", False), ("13:00", True), ("14:59", True), ("15:00", False)]
)
def test_hours_within_a_day_hold_too(clock: str, quiet: bool) -> None:
    nap = QuietHours("13:00", "15:00", "Europe/Berlin")
    assert is_quiet(Quiet(nap), at(f"2026-07-15T{clock}")) is quiet


@given(clocks, moments)
def test_hours_that_end_as_they_start_are_none(clock: str, now: float) -> None:
    assert not is_quiet(Quiet(QuietHours(clock, clock, "Europe/Berlin")), now)


@given(clocks, clocks, st.sampled_from(ZONES), moments)
def test_of_hours_and_their_opposite_one_holds(start: str, end: str, zone: str, now: float) -> None:
    """Every moment is in a day's quiet hours or in its others, in every zone, on every day."""
    if start != end:
        quiet = is_quiet(Quiet(QuietHours(start, end, zone)), now)
        assert is_quiet(Quiet(QuietHours(end, start, zone)), now) is not quiet


@given(clocks, clocks, st.sampled_from(ZONES), moments)
def test_the_clock_on_the_wall_decides_in_every_zone(
    start: str, end: str, zone: str, now: float
) -> None:
    hours = check_hours(QuietHours(start, end, zone))
    wall = datetime.fromtimestamp(now, ZoneInfo(zone))
    minute, first, last = wall.hour * 60 + wall.minute, minutes(start), minutes(end)
    length = (last - first) % 1440
    assert is_quiet(Quiet(hours), now) is ((minute - first) % 1440 < length)


def minutes(clock: str) -> int:
    """Since midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def test_another_zone_has_another_night() -> None:
    now = at("2026-01-15T23:00", "Europe/Berlin")
    assert is_quiet(Quiet(NIGHT), now)
    assert not is_quiet(Quiet(NIGHT._replace(zone="America/New_York")), now)
    assert is_quiet(Quiet(NIGHT._replace(zone="Asia/Kathmandu")), now)


def quiet_minutes(hours: QuietHours, day: str, zone: str) -> int:
    """How many minutes are quiet from this day's noon to the next one's, as the sun goes."""
    noon, next_noon = at(f"{day}T12:00", zone), at(_next(day) + "T12:00", zone)
    return sum(is_quiet(Quiet(hours), noon + 60 * n) for n in range(int(next_noon - noon) // 60))


def _next(day: str) -> str:
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}-{month:02d}-{number + 1:02d}"


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-27", 9), ("2026-03-28", 8), ("2026-10-24", 10), ("2026-10-25", 9)]
)
def test_a_night_that_loses_or_wins_an_hour_is_quiet_by_the_clock_on_the_wall(
    day: str, hours: int
) -> None:
    """In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026, and back on 25 October."""
    assert quiet_minutes(NIGHT, day, "Europe/Berlin") == hours * 60


def test_hours_that_begin_in_the_hour_that_is_left_out_begin_with_the_next_one() -> None:
    hours = QuietHours("02:30", "04:00", "Europe/Berlin")
    assert not is_quiet(Quiet(hours), at("2026-03-29T01:59"))
    assert is_quiet(Quiet(hours), at("2026-03-29T03:00"))


@pytest.mark.parametrize("fold", [0, 1])
def test_hours_in_the_hour_that_comes_twice_hold_both_times(fold: int) -> None:
    hours = QuietHours("02:10", "02:50", "Europe/Berlin")
    assert is_quiet(Quiet(hours), at("2026-10-25T02:30", fold=fold))
    assert not is_quiet(Quiet(hours), at("2026-10-25T02:55", fold=fold))


# --- do not disturb until -------------------------------------------------------------------


@given(st.floats(0, 1e10), moments)
def test_do_not_disturb_holds_until_its_time_and_no_longer(until: float, now: float) -> None:
    assert is_quiet(Quiet(None, until), now) is (now < until)


def test_until_and_hours_hold_beside_each_other() -> None:
    evening = at("2026-01-15T21:00")
    both = Quiet(NIGHT, evening + 60)
    assert is_quiet(both, evening)
    assert not is_quiet(both, evening + 60)
    assert is_quiet(both, evening + 3600)


def test_whoever_has_chosen_nothing_is_never_quiet() -> None:
    assert not is_quiet(Quiet(), NOON)


# --- what may be chosen ---------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES[:: max(1, len(ZONES) // 40)])
def test_every_zone_there_is_may_be_chosen(zone: str) -> None:
    assert check_hours(NIGHT._replace(zone=zone)).zone == zone


@pytest.mark.parametrize(
    "clock", ["", "7:00", "24:00", "07:60", "07:00\n", "07:00:00", "0700", "-1:00",
              "\u0660\u0667:\u0660\u0660"]
)  # fmt: skip
def test_what_is_no_time_is_refused(clock: str) -> None:
    for hours in (NIGHT._replace(start=clock), NIGHT._replace(end=clock)):
        with pytest.raises(BadSetting, match="22:00"):
            check_hours(hours)


@given(st.text(st.characters(exclude_categories=()), max_size=64))
@example("")
@example("Europe")
@example("../../../etc/passwd")
@example("/etc/localtime")
@example("zone.tab")
@example("Europe/Berlin\x00")
@example("x" * 300)
@example("\ud800")
def test_what_is_no_zone_is_refused_without_a_word_of_where_zones_are(zone: str) -> None:
    said = refusal(NIGHT._replace(zone=zone))
    assert said == "There is no such time zone." or ZoneInfo(zone)


def refusal(hours: QuietHours) -> str:
    """Why these hours cannot be; empty if they can."""
    try:
        check_hours(hours)
    except BadSetting as error:
        return str(error)
    return ""
