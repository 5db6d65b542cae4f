"""A camera's film by itself, each day or each week, at a time of the place where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.aws.film_machine import LONGEST_NAME, schedule_name
from doorbell.errors import BadName, BadSetting
from doorbell.films.schedule import Schedule, find_schedule, remove_schedule, set_schedule
from tests.household_fakes import FakeSchedules

if TYPE_CHECKING:
    from datetime import time


def test_a_film_of_each_day() -> None:
    schedules = FakeSchedules()
    set_schedule(schedules, "home", "yard", "day", "06:05", "Europe/Berlin")
    assert schedules.kept == {
        ("home", "yard"): (
            "cron(5 6 * * ? *)",
            "Europe/Berlin",
            {"home": "home", "camera": "yard", "days": 1},
        )
    }


def test_a_film_of_each_week_replaces_it() -> None:
    schedules = FakeSchedules()
    set_schedule(schedules, "home", "yard", "day", "06:05", "UTC")
    set_schedule(schedules, "home", "yard", "week", "00:00", "UTC")
    ((when, _, asked),) = schedules.kept.values()
    assert (when, asked["days"]) == ("cron(0 0 ? * MON *)", 7)


def test_none_any_more() -> None:
    schedules = FakeSchedules()
    set_schedule(schedules, "home", "yard", "day", "06:05", "UTC")
    for _ in range(2):
        remove_schedule(schedules, "home", "yard")
    assert not schedules.kept


@given(st.sampled_from(["day", "week"]), st.times(), st.sampled_from(sorted(available_timezones())))
def test_what_was_set_is_found(every: Any, at: time, zone: str) -> None:
    schedules = FakeSchedules()
    set_schedule(schedules, "home", "yard", every, at.strftime("%H:%M"), zone)
    found = find_schedule(schedules, "home", "yard")
    assert found == Schedule(every, at.strftime("%H:%M"), zone)


@pytest.mark.parametrize(
    "cron",
    ["rate(1 minute)", "cron(0 6 1 * ? *)", "cron(0/5 6 * * ? *)", "", "cron(0 6 * * ? *) "],
)
def test_what_somebody_else_has_set_is_not_ours_to_show(cron: str) -> None:
    schedules = FakeSchedules()
    assert find_schedule(schedules, "home", "yard") is None
    schedules.set("home", "yard", cron, "UTC", {})
    assert find_schedule(schedules, "home", "yard") is None


@pytest.mark.parametrize("clock", ["6:05", "24:00", "12:60", "noon", "12:00\n", ""])
def test_a_time_that_is_none_is_refused(clock: str) -> None:
    with pytest.raises(BadSetting):
        set_schedule(FakeSchedules(), "home", "yard", "day", clock, "UTC")


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe/Nowhere", "UTC) rate(1 minute"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(BadSetting):
        set_schedule(FakeSchedules(), "home", "yard", "day", "06:00", zone)


def test_a_camera_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadName):
        set_schedule(FakeSchedules(), "home", "a/b", "day", "06:00", "UTC")
    with pytest.raises(BadName):
        remove_schedule(FakeSchedules(), "home", "a/b")


def test_each_camera_has_a_name_of_its_own_that_is_short_enough() -> None:
    longest = "h" * 32
    names = [
        schedule_name("home", "yard"),
        schedule_name("home-yard", "x"),
        schedule_name(longest, "c" * 31),
        schedule_name(longest, "c" * 32),
        schedule_name(longest, "c" * 31 + "d"),
    ]
    assert names[0] == "home.yard"
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= LONGEST_NAME
