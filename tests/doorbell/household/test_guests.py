"""PINs for guests: drawn by us, shown once, good for a time, some uses and some doors."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain, count, repeat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell import passcode
from doorbell.errors import BadName
from doorbell.household import guests
from doorbell.household.guests import LONGEST, MOST, GuestPlan
from doorbell.household.model import DAY
from doorbell.household.problems import Problem
from tests.fakes import BACK_DOOR, CAMERA, DOOR, FOREIGN_DOOR, KEY, KITCHEN, NOON
from tests.household_fakes import FakeHousehold, make_household

if TYPE_CHECKING:
    from doorbell.model import Passcode

TODAY = GuestPlan("Plumber", (DOOR.id,), NOON, NOON + DAY, 1)


def add(made: FakeHousehold, plan: GuestPlan = TODAY) -> tuple[Passcode, str]:
    """A guest of the home, and the PIN."""
    return guests.add(made.household, "home", plan)


def refusal(made: FakeHousehold, plan: GuestPlan) -> str:
    """Why there is no PIN for this plan; nothing was kept."""
    before = dict(made.made.passcodes.kept)
    with pytest.raises(Problem) as refused:
        add(made, plan)
    assert made.made.passcodes.kept == before
    return refused.value.name


def test_a_guest_gets_a_pin_of_six_digits_for_the_plan_that_was_made() -> None:
    made = make_household()
    plan = GuestPlan(" Plumber ", (DOOR.id, BACK_DOOR.id), NOON + 60, NOON + DAY, 3)
    kept, pin = add(made, plan)
    assert re.fullmatch("[0-9]{6}", pin)
    assert (kept.kind, kept.whom, kept.ring) == ("guest", "Plumber", None)
    assert kept.doors == ("front", "front-2")
    assert (kept.valid_from, kept.valid_until) == (NOON + 60, NOON + DAY)
    assert (kept.uses_left, kept.used_at) == (3, 0.0)


def test_of_a_pin_only_a_keyed_hash_is_kept() -> None:
    made = make_household()
    kept, pin = add(made)
    assert made.made.passcodes.guests("home") == [kept]
    assert pin not in str(kept)
    assert kept.hashes == (passcode.digest(pin, KEY, kept),)
    assert kept.hashes != (passcode.digest(pin, b"another key", kept),)


def test_a_pin_is_drawn_by_chance_and_chosen_by_nobody() -> None:
    """Two guests of one plan have two PINs; what is drawn comes from all of a million."""
    made = make_household()
    asked: list[int] = []

    def randbelow(below: int) -> int:
        asked.append(below)
        return len(asked)

    household = made.household._replace(randbelow=randbelow)
    pins = [guests.add(household, "home", TODAY)[1] for _ in range(2)]
    assert pins[0] != pins[1]
    assert set(asked) == {16**16, passcode.CODES}


@given(st.lists(st.integers(0, 3), min_size=12, max_size=40))
def test_no_two_guests_have_the_same_pin_whatever_chance_says(drawn: list[int]) -> None:
    """It would be either's: whoever was withdrawn could still come in by the other's."""
    made = make_household()
    numbers, ids = chain(drawn, repeat(0)), count()
    household = made.household._replace(
        randbelow=lambda below: next(numbers) if below == passcode.CODES else next(ids)
    )
    pins: list[str] = []
    with suppress(Problem):
        for _ in range(4):
            pins.append(guests.add(household, "home", TODAY)[1])
    assert pins
    assert len(set(pins)) == len(pins)


def test_a_pin_that_ended_may_be_another_s_and_one_that_is_used_up_not_yet() -> None:
    """Typed again it is told to be used, which it is."""
    made = make_household()
    household = made.household._replace(randbelow=lambda _: 7)
    kept, pin = guests.add(household, "home", TODAY)
    made.made.passcodes.withdraw(kept)
    made.made.passcodes.issue(kept._replace(uses_left=0), [])
    with pytest.raises(Problem, match="Please try again"):
        guests.add(household, "home", TODAY)
    made.clock.now += DAY
    ids = iter([8, 7])
    household = household._replace(randbelow=lambda _: next(ids))
    later = TODAY._replace(end=NOON + 2 * DAY)
    assert guests.add(household, "home", later)[1] == pin


def test_another_home_may_have_the_same_pin() -> None:
    made = make_household()
    household = made.household._replace(randbelow=lambda _: 7)
    plan = TODAY._replace(doors=(FOREIGN_DOOR.id,))
    assert guests.add(household, "home", TODAY)[1] == guests.add(household, "away", plan)[1]


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 0), (60, 60), (60, 59), (-120, -60), (-60, 0), (0, LONGEST + 1)],
)
def test_a_window_that_is_over_empty_or_longer_than_a_year_is_refused(
    start: float, end: float
) -> None:
    plan = TODAY._replace(start=NOON + start, end=NOON + end)
    assert refusal(make_household(), plan) == "bad_field"


@pytest.mark.parametrize(("start", "end"), [(-60, 1), (0, 1), (0, LONGEST), (LONGEST - 1, LONGEST)])
def test_a_window_may_have_begun_and_may_last_a_year(start: float, end: float) -> None:
    kept, _ = add(make_household(), TODAY._replace(start=NOON + start, end=NOON + end))
    assert kept.valid_until == NOON + end


@pytest.mark.parametrize(
    "doors",
    [("unknown",), (KITCHEN.id,), (CAMERA.id,), (DOOR.id, "unknown"), ("garage",), ("",)],
)
def test_a_door_that_is_none_of_this_home_s_is_refused(doors: tuple[str, ...]) -> None:
    """Whether another home has it, or nobody."""
    made = make_household()
    made.devices.add(FOREIGN_DOOR._replace(id="garage"))
    assert refusal(made, TODAY._replace(doors=doors)) == "not_found"


def test_a_door_named_twice_is_one_door() -> None:
    kept, _ = add(make_household(), TODAY._replace(doors=(DOOR.id, BACK_DOOR.id, DOOR.id)))
    assert kept.doors == (DOOR.id, BACK_DOOR.id)


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 65, "code"])
def test_a_guest_whose_name_cannot_be_kept_is_refused(name: str) -> None:
    """Above all `code`: phones hear it when a code has opened."""
    with pytest.raises(BadName):
        add(make_household(), TODAY._replace(name=name))


def test_a_home_has_a_limit_of_live_pins() -> None:
    made = make_household()
    for _ in range(MOST):
        kept, _ = add(made)
    assert refusal(made, TODAY) == "too_many"
    guests.add(made.household, "away", TODAY._replace(doors=(FOREIGN_DOOR.id,)))
    guests.withdraw(made.household, "home", kept.id)
    add(made)


@pytest.mark.parametrize("over", ["used up", "ended"])
def test_pins_that_open_nothing_any_more_are_not_counted(over: str) -> None:
    made = make_household()
    for _ in range(MOST):
        kept, _ = add(made)
        if over == "used up":
            made.made.passcodes.withdraw(kept)
            made.made.passcodes.issue(kept._replace(uses_left=0), [])
    if over == "ended":
        made.clock.now += DAY
    add(made, TODAY._replace(end=NOON + 2 * DAY))


def test_those_that_will_be_good_and_those_that_ended_today_are_shown_the_latest_end_first() -> (
    None
):
    made = make_household()
    for days in (1, 3, 2):
        add(made, TODAY._replace(name=f"for {days}", end=NOON + days * DAY))
    add(made, TODAY._replace(name="tomorrow", start=NOON + 3 * DAY, end=NOON + 4 * DAY))
    shown = [guest.whom for guest in guests.show_all(made.household, "home")]
    assert shown == ["tomorrow", "for 3", "for 2", "for 1"]
    made.clock.now += 2 * DAY
    assert [g.whom for g in guests.show_all(made.household, "home")] == shown[:3]
    assert guests.show_all(made.household, "away") == []


def test_a_guest_is_withdrawn_once_and_by_nobody_of_another_home() -> None:
    made = make_household()
    kept, _ = add(made)
    for home, guest in (("away", kept.id), ("home", "unknown"), ("home", "")):
        with pytest.raises(Problem) as refused:
            guests.withdraw(made.household, home, guest)
        assert (refused.value.name, refused.value.title) == (
            "not_found", "This home has none such."
        )  # fmt: skip
    guests.withdraw(made.household, "home", kept.id)
    assert made.made.passcodes.kept == {}
    with pytest.raises(Problem):
        guests.withdraw(made.household, "home", kept.id)
