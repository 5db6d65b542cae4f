"""Who came, and what became of it: whatever order the bus's events come in, and however often."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.errors import BadSetting
from doorbell.household import history
from doorbell.household.model import DAY, Visit
from doorbell.model import OpenOrder
from tests.fakes import DOOR, FOREIGN_DOOR, NOON, a_ring
from tests.household_fakes import FakeHousehold, make_household

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.household.history import Only
    from doorbell.household.model import Outcome
    from doorbell.model import Ring

RING = a_ring()
STRANGER = RING._replace(decision="stranger")
RESIDENT = RING._replace(decision="resident", code_for="Ada")


def a_household(ring: Ring = RING) -> FakeHousehold:
    """A household whose door has rung."""
    made = make_household()
    keep(made, ring)
    return made


def keep(made: FakeHousehold, ring: Ring) -> None:
    """The ring's row says this now."""
    made.made.rings.kept[ring.home, ring.id] = ring


def entry(made: FakeHousehold) -> Visit:
    """What the history has of the ring."""
    found = made.visits.find("home", RING.id)
    assert found
    return found


# --- one ring ---------------------------------------------------------------------------


def test_a_press_is_in_the_history_at_once() -> None:
    made = a_household()
    history.ring_happened(made.household, "home", RING.id)
    assert entry(made) == Visit("home", RING.id, NOON, DOOR.id, DOOR.name)


def test_a_ring_that_the_table_does_not_know_leaves_no_entry() -> None:
    """Nor does one of another home."""
    made = a_household()
    history.ring_happened(made.household, "home", "unknown")
    history.ring_happened(made.household, "away", RING.id)
    history.ring_ended(made.household, "away", RING.id, "missed", None)
    assert made.visits.kept == {}


def test_a_residents_ring_has_a_code_until_the_door_opens() -> None:
    made = a_household(RESIDENT)
    history.ring_happened(made.household, "home", RING.id, "resident")
    assert (entry(made).decision, entry(made).resident, entry(made).outcome) == (
        "resident", "Ada", "code"
    )  # fmt: skip
    made.clock.now += 9
    history.ring_ended(made.household, "home", RING.id, "opened", "code")
    assert (entry(made).outcome, entry(made).by, entry(made).ended_at) == (
        "opened",
        "code",
        NOON + 9,
    )


def test_a_decision_that_the_ring_s_row_does_not_have_yet_is_taken_from_the_event() -> None:
    """It is told when the code was sent, and written down when a phone says `got`."""
    made = a_household(RING._replace(code_for="Ada"))
    history.ring_happened(made.household, "home", RING.id, "resident")
    assert (entry(made).decision, entry(made).outcome) == ("resident", "code")


def test_a_later_decision_in_the_row_stands_before_that_of_an_old_event() -> None:
    made = a_household(RESIDENT._replace(decision="no_phone"))
    history.ring_happened(made.household, "home", RING.id, "resident")
    assert (entry(made).decision, entry(made).outcome) == ("no_phone", "asked")


def test_a_resident_whose_code_nobody_saw_is_named_all_the_same() -> None:
    made = a_household(RESIDENT._replace(decision="no_phone"))
    history.ring_happened(made.household, "home", RING.id, "no_phone")
    assert entry(made).resident == "Ada"


def test_a_stranger_s_ring_is_asked_about_and_ends_as_somebody_said() -> None:
    made = a_household(STRANGER)
    history.ring_happened(made.household, "home", RING.id, "stranger")
    assert (entry(made).resident, entry(made).outcome) == (None, "asked")
    history.ring_ended(made.household, "home", RING.id, "declined", "Ada")
    assert (entry(made).outcome, entry(made).by) == ("declined", "Ada")


def test_a_late_press_is_missed() -> None:
    made = a_household(RING._replace(kind="late"))
    history.ring_happened(made.household, "home", RING.id)
    assert entry(made).outcome == "missed"


def test_a_decision_after_the_end_is_learnt_and_the_end_stands() -> None:
    made = a_household()
    history.ring_ended(made.household, "home", RING.id, "opened", "code")
    keep(made, RESIDENT)
    history.ring_happened(made.household, "home", RING.id, "resident")
    assert (entry(made).decision, entry(made).resident) == ("resident", "Ada")
    assert (entry(made).outcome, entry(made).by) == ("opened", "code")


@pytest.mark.parametrize("outcome", ["declined", "missed", "not_opened"])
def test_a_door_that_opened_after_all_has_the_last_word(outcome: Outcome) -> None:
    made = a_household(STRANGER)
    history.ring_ended(made.household, "home", RING.id, outcome, None)
    made.clock.now += 5
    history.ring_ended(made.household, "home", RING.id, "opened", "Ada")
    history.ring_ended(made.household, "home", RING.id, outcome, None)
    assert (entry(made).outcome, entry(made).by, entry(made).ended_at) == (
        "opened",
        "Ada",
        NOON + 5,
    )


def test_an_end_that_is_told_again_hours_later_is_no_later_end() -> None:
    """The bus tries for a day, and how long a visitor waited stands in the entry."""
    made = a_household(STRANGER)
    for _ in range(3):
        history.ring_ended(made.household, "home", RING.id, "missed", None)
        made.clock.now += 3600
    assert entry(made).ended_at == NOON


class Told(NamedTuple):
    """An event of the bus about the ring."""

    name: str
    tell: Callable[[FakeHousehold], None]


def pressed(made: FakeHousehold) -> None:
    history.ring_happened(made.household, "home", RING.id)


def decided(decision: str) -> Callable[[FakeHousehold], None]:
    return lambda made: history.ring_happened(made.household, "home", RING.id, decision)


def ended(outcome: Outcome, by: str | None) -> Callable[[FakeHousehold], None]:
    return lambda made: history.ring_ended(made.household, "home", RING.id, outcome, by)


STORIES: dict[str, tuple[Ring, list[Callable[[FakeHousehold], None]]]] = {
    "a resident": (RESIDENT, [pressed, decided("resident"), ended("opened", "code")]),
    "a resident who went away": (RESIDENT, [pressed, decided("resident")]),
    "let in": (STRANGER, [pressed, decided("stranger"), ended("opened", "Ada")]),
    "declined": (STRANGER, [pressed, decided("stranger"), ended("declined", "Ada")]),
    "missed": (STRANGER, [pressed, decided("stranger"), ended("missed", None)]),
    "opened late": (
        STRANGER,
        [pressed, decided("stranger"), ended("not_opened", None), ended("opened", "Ada")],
    ),
    "nobody saw the code": (
        RESIDENT._replace(decision="no_phone"),
        [pressed, decided("resident"), decided("no_phone"), ended("missed", None)],
    ),
    "undecided": (RING, [pressed]),
}


@pytest.mark.parametrize("story", STORIES)
@given(st.data())
def test_events_in_any_order_and_doubled_give_the_same_entry(
    story: str, data: st.DataObject
) -> None:
    """All that happened is in the ring's row by the time the bus delivers."""
    ring, events = STORIES[story]
    in_order = a_household(ring)
    for tell in events:
        tell(in_order)
    doubled = events + data.draw(st.lists(st.sampled_from(events), max_size=4))
    made = a_household(ring)
    for tell in data.draw(st.permutations(doubled)):
        tell(made)
    assert entry(made) == entry(in_order)


@pytest.mark.parametrize("days", [1, 30])
def test_an_entry_is_kept_for_the_days_that_were_chosen(days: int) -> None:
    made = a_household(STRANGER)
    household = made.household._replace(history_days=days)
    history.ring_happened(household, "home", RING.id)
    assert made.visits.keep_until["home", RING.id] == NOON + days * DAY
    made.clock.now += 60
    history.ring_ended(household, "home", RING.id, "missed", None)
    assert made.visits.keep_until["home", RING.id] == NOON + days * DAY


# --- a guest ----------------------------------------------------------------------------


def guest_order(door: str = DOOR.id, opened_at: float = NOON + 3) -> OpenOrder:
    """The plumber has typed the PIN, and the door has opened."""
    return OpenOrder(
        "order-1", "home", door, None, "Plumber", NOON + 15, opened_at, "guest", "guest-1"
    )


def test_a_guest_who_comes_by_pin_is_in_the_history_once() -> None:
    made = make_household()
    made.made.opens.add(guest_order())
    for _ in range(3):
        history.guest_came(made.household, "home", DOOR.id, "order-1")
        made.clock.now += 3600
    at = NOON + 3
    assert list(made.visits.kept.values()) == [
        Visit(
            "home", "order-1", at, DOOR.id, DOOR.name, "guest", "Plumber", "opened", "Plumber", at
        )
    ]


def test_a_guest_s_door_that_was_revoked_is_named_by_its_id() -> None:
    made = make_household()
    made.made.opens.add(guest_order())
    made.devices.remove("home", DOOR.id)
    history.guest_came(made.household, "home", DOOR.id, "order-1")
    found = made.visits.find("home", "order-1")
    assert found
    assert found.door_name == DOOR.id


def test_an_order_that_there_is_not_leaves_no_entry() -> None:
    made = make_household()
    made.made.opens.add(guest_order())
    for home, door, order in (("home", DOOR.id, "x"), ("home", "back", "order-1"),
                              ("away", FOREIGN_DOOR.id, "order-1")):  # fmt: skip
        history.guest_came(made.household, home, door, order)
    assert made.visits.kept == {}


# --- pages ------------------------------------------------------------------------------


def visited(made: FakeHousehold, decisions: list[str], outcome: Outcome = "missed") -> list[str]:
    """A ring a minute; their ids, the latest first."""
    for number, decision in enumerate(decisions):
        at = NOON + 60 * number
        visit = Visit("home", f"ring-{number}", at, DOOR.id, DOOR.name, decision, None, outcome)
        made.visits.ended(visit, at + DAY)
    return [f"ring-{number}" for number in reversed(range(len(decisions)))]


def pages(made: FakeHousehold, only: Only | None) -> list[list[str]]:
    """All pages, one after another."""
    shown, cursor = history.page(made.household, "home", None, only)
    found = [[visit.id for visit in shown]]
    while cursor:
        shown, cursor = history.page(made.household, "home", cursor, only)
        found.append([visit.id for visit in shown])
    return found


@given(st.integers(0, 65))
def test_pages_have_each_visit_once_the_latest_first(count: int) -> None:
    made = make_household()
    ids = visited(made, ["stranger"] * count)
    found = pages(made, None)
    assert [each for page in found for each in page] == ids
    assert all(len(page) == history.PAGE for page in found[:-1])


DECISIONS = ["stranger", "resident", "no_phone", "no_face", "no_photo", "unavailable", "late"]


@given(st.lists(st.sampled_from(DECISIONS), max_size=90))
def test_strangers_are_rings_that_no_residents_face_was_found_for(decisions: list[str]) -> None:
    made = make_household()
    visited(made, decisions)
    found = [each for page in pages(made, "strangers") for each in page]
    expected = [n for n, each in enumerate(decisions) if each not in ("resident", "no_phone")]
    assert found == [f"ring-{number}" for number in reversed(expected)]


@pytest.mark.parametrize("outcome", ["pending", "code", "asked", "opened", "declined", "missed"])
def test_missed_are_rings_that_nobody_answered(outcome: Outcome) -> None:
    made = make_household()
    visited(made, ["stranger"], outcome)
    assert pages(made, "missed") == ([["ring-0"]] if outcome == "missed" else [[]])


def test_guests_are_no_strangers_and_what_is_undecided_is_nobody_s() -> None:
    made = a_household()
    made.made.opens.add(guest_order())
    history.ring_happened(made.household, "home", RING.id)
    history.guest_came(made.household, "home", DOOR.id, "order-1")
    assert pages(made, "strangers") == [[]]
    assert pages(made, None) == [["order-1", RING.id]]


def test_a_filter_that_fits_nothing_gives_up_after_some_pages_with_a_cursor() -> None:
    """So that one request never reads a history of years."""
    made = make_household()
    visited(made, ["stranger"] + ["resident"] * (history.PAGE * history.LOOKED_AT))
    shown, cursor = history.page(made.household, "home", None, "strangers")
    assert shown == []
    assert cursor
    assert [v.id for v in history.page(made.household, "home", cursor, "strangers")[0]] == [
        "ring-0"
    ]


@pytest.mark.parametrize(
    "cursor", ["", "x", "1700000000000", "1700000000000-", "-ring", "\u0661" * 13 + "-x"]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadSetting):
        history.page(make_household().household, "home", cursor, None)


def test_a_home_sees_nothing_of_another() -> None:
    made = make_household()
    visited(made, ["stranger"])
    assert history.page(made.household, "away", None, None) == ([], None)


# --- films ------------------------------------------------------------------------------


def test_a_film_is_in_the_history_and_a_ring_that_nobody_knows_has_none() -> None:
    made = a_household()
    history.film_made(made.household, "home", RING.id)
    history.film_made(made.household, "home", "unknown")
    history.film_made(made.household, "away", RING.id)
    assert entry(made) == Visit("home", RING.id, NOON, DOOR.id, DOOR.name, film=True)
    assert len(made.visits.kept) == 1


def test_a_film_that_shows_something_flat_says_so_in_the_history() -> None:
    made = a_household()
    history.film_made(made.household, "home", RING.id, flat=True)
    kept = entry(made)
    assert (kept.film, kept.flat) == (True, True)


@pytest.mark.parametrize(
    ("film", "age", "there"),
    [(True, 0, True), (True, 2 * DAY - 1, True), (True, 2 * DAY, False), (None, 0, False)],
)
def test_a_film_is_shown_while_it_may_be_there(film: bool | None, age: float, there: bool) -> None:
    visit = Visit("home", "ring", NOON, DOOR.id, DOOR.name, film=film)
    assert history.has_film(visit, NOON + age) is there


# --- photos -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "age", "there"),
    [("stranger", 0, True), ("resident", 2 * DAY - 1, True), ("stranger", 2 * DAY, False),
     ("guest", 0, False), ("no_photo", 0, False), (None, 0, False)],
)  # fmt: skip
def test_a_photo_is_shown_while_it_may_be_there(
    decision: str | None, age: float, there: bool
) -> None:
    visit = Visit("home", "ring", NOON, DOOR.id, DOOR.name, decision)
    assert history.has_photo(visit, NOON + age) is there


def test_no_page_of_a_filter_holds_more_than_a_page() -> None:
    """Whatever lies between those that fit."""
    made = make_household()
    for number in range(80):
        ring = RING._replace(id=f"ring-{number}", pressed_at=NOON - number)
        keep(made, ring)
        history.ring_ended(
            made.household, "home", ring.id, "missed" if number % 3 else "declined", None
        )
    cursor, sizes = None, []
    while True:
        found, cursor = history.page(made.household, "home", cursor, "missed")
        sizes.append(len(found))
        if cursor is None:
            break
    assert max(sizes) <= history.PAGE
    assert sum(sizes) == sum(1 for number in range(80) if number % 3)
