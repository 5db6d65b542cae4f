"""The history: what an event may still change, and pages."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.errors import BadSetting
from doorbell.household.model import (
    Visit,
)
from tests.fakes import NOON
from tests.household_fakes import FakeVisits

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from tests.doorbell.aws.household_ports import HouseholdPorts

_homes = count(1)


def a_visit(number: int = 1, **more: object) -> Visit:
    """A visitor, a minute after the one before."""
    bare = Visit("home", f"ring-{number}", NOON + 60 * number, "front", "Front")
    return bare._replace(**more)  # type: ignore[arg-type]


FULL = a_visit(decision="resident", resident="Ada", outcome="opened", by="code", ended_at=NOON + 99)


@pytest.mark.parametrize("visit", [a_visit(), FULL, a_visit(door_name="Tür <b>", at=NOON + 0.25)])
def test_a_visit_is_kept_as_it_is_and_found_by_its_id(ports: HouseholdPorts, visit: Visit) -> None:
    ports.visits.ended(visit, NOON + 1)
    assert ports.visits.find("home", visit.id) == visit
    assert ports.visits.find("away", visit.id) is None
    assert ports.visits.find("home", "ring") is None


def test_what_is_pending_leaves_what_is_known(ports: HouseholdPorts) -> None:
    decided = a_visit(decision="stranger", outcome="asked")
    for visit in (a_visit(), decided, a_visit()):
        ports.visits.decided(visit, NOON)
    assert ports.visits.find("home", "ring-1") == decided


def test_a_new_decision_stands_and_what_it_does_not_know_stays(ports: HouseholdPorts) -> None:
    ports.visits.decided(a_visit(decision="resident", resident="Ada", outcome="code"), NOON)
    ports.visits.decided(a_visit(decision="no_phone", outcome="asked"), NOON)
    assert ports.visits.find("home", "ring-1") == a_visit(
        decision="no_phone", resident="Ada", outcome="asked"
    )


def test_a_film_comes_before_between_or_after_all_else(ports: HouseholdPorts) -> None:
    """And changes nothing but that it is there; nothing takes it away."""
    for number in range(1, 5):
        pressed = a_visit(number)
        decided = pressed._replace(decision="stranger", outcome="asked")
        ended = decided._replace(outcome="declined", by="Ada", ended_at=NOON + 999)
        steps = [(ports.visits.decided, pressed), (ports.visits.decided, decided)]
        steps.append((ports.visits.ended, ended))
        steps.insert(number - 1, (ports.visits.filmed, pressed))
        for write, visit in steps:
            write(visit, NOON)
        assert ports.visits.find("home", pressed.id) == ended._replace(film=True)


def test_a_flat_film_stays_flat_whatever_comes_later(ports: HouseholdPorts) -> None:
    """Also if the event of its film comes twice, and the second time without that."""
    pressed, decided = a_visit(), a_visit(decision="stranger", outcome="asked")
    ports.visits.filmed(pressed._replace(flat=True), NOON)
    ports.visits.decided(decided, NOON)
    ports.visits.filmed(pressed, NOON)
    assert ports.visits.find("home", pressed.id) == decided._replace(film=True, flat=True)


def test_a_film_that_is_found_flat_marks_what_is_known_already(ports: HouseholdPorts) -> None:
    decided = a_visit(decision="stranger", outcome="asked")
    ports.visits.decided(decided, NOON)
    ports.visits.filmed(a_visit(flat=True), NOON)
    assert ports.visits.find("home", "ring-1") == decided._replace(film=True, flat=True)


ENDS = ["declined", "missed", "not_opened"]


@pytest.mark.parametrize("first", [*ENDS, "opened"])
@pytest.mark.parametrize("second", [*ENDS, "opened"])
def test_the_first_end_stands_until_a_door_is_open(
    ports: HouseholdPorts, first: str, second: str
) -> None:
    one, two = (
        a_visit(outcome=outcome, by=by, ended_at=at)
        for outcome, by, at in ((first, "Ada", NOON + 1), (second, "Bob", NOON + 2))
    )
    ports.visits.ended(one, NOON)
    ports.visits.ended(two, NOON)
    over = second == "opened" and first != "opened"
    assert ports.visits.find("home", "ring-1") == (two if over else one)


@pytest.mark.parametrize("outcome", [*ENDS, "opened"])
def test_whom_it_was_is_learnt_after_the_end(ports: HouseholdPorts, outcome: str) -> None:
    ended = a_visit(outcome=outcome, by="code", ended_at=NOON + 1)
    ports.visits.ended(ended, NOON)
    ports.visits.decided(a_visit(decision="resident", resident="Ada", outcome="code"), NOON)
    ports.visits.decided(a_visit(), NOON)
    assert ports.visits.find("home", "ring-1") == ended._replace(
        decision="resident", resident="Ada"
    )


def test_a_late_press_that_is_told_twice_is_written_once(ports: HouseholdPorts) -> None:
    """It is missed from the first, and nothing was decided that could be learnt."""
    late = a_visit(outcome="missed")
    for _ in range(2):
        ports.visits.decided(late, NOON)
    assert ports.visits.find("home", "ring-1") == late


def test_visits_come_in_pages_the_latest_first(ports: HouseholdPorts) -> None:
    visits = [a_visit(number) for number in range(5)]
    for visit in visits:
        ports.visits.decided(visit, NOON)
    ports.visits.decided(a_visit(9)._replace(home="away"), NOON)
    first, cursor = ports.visits.before("home", None, 2)
    assert (first, bool(cursor)) == ([visits[4], visits[3]], True)
    second, cursor = ports.visits.before("home", cursor, 2)
    assert (second, bool(cursor)) == ([visits[2], visits[1]], True)
    assert ports.visits.before("home", cursor, 2) == ([visits[0]], None)
    assert ports.visits.before("nowhere", None, 2) == ([], None)


def test_pages_go_on_among_visits_of_one_moment_whatever_letters_their_ids_have(
    ports: HouseholdPorts,
) -> None:
    visits = [a_visit(1, id=name) for name in ("a-a", "a-b", "a-b-c", "a_")]
    for visit in visits:
        ports.visits.decided(visit, NOON)
    found: list[Visit] = []
    page, cursor = ports.visits.before("home", None, 1)
    while cursor is not None:
        found += page
        page, cursor = ports.visits.before("home", cursor, 1)
    assert found + page == visits[::-1]


def test_a_visit_that_comes_between_two_pages_is_on_no_later_one(ports: HouseholdPorts) -> None:
    for number in range(4):
        ports.visits.decided(a_visit(number), NOON)
    _, cursor = ports.visits.before("home", None, 2)
    ports.visits.decided(a_visit(7), NOON)
    assert [v.id for v in ports.visits.before("home", cursor, 9)[0]] == ["ring-1", "ring-0"]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "1700000000000", "1700000000000#ring", "-1700000000000-r", "1700000000000-r/s",
     "\u0661" * 13 + "-r", "1700000000000-" + "r" * 65, "1700000000000-r\n"],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(ports: HouseholdPorts, cursor: str) -> None:
    with pytest.raises(BadSetting):
        ports.visits.before("home", cursor, 2)


@pytest.mark.parametrize("cursor", ["0000000000000-a", "9999999999999-z", "1700000060000-ring-1"])
def test_a_cursor_need_not_be_of_a_visit_that_is_there(ports: HouseholdPorts, cursor: str) -> None:
    """It may have been forgotten since."""
    ports.visits.decided(a_visit(2), NOON)
    found, more = ports.visits.before("home", cursor, 2)
    assert [v.id for v in found] == (["ring-2"] if cursor.startswith("9") else [])
    assert more is None


def test_a_visit_is_found_in_a_long_history(ports: HouseholdPorts) -> None:
    for number in range(120):
        ports.visits.decided(a_visit(number), NOON)
    assert ports.visits.find("home", "ring-0") == a_visit(0)
    assert ports.visits.find("home", "unknown") is None


visits = st.builds(
    a_visit,
    st.integers(0, 1),
    decision=st.sampled_from([None, "stranger", "resident"]),
    resident=st.sampled_from([None, "Ada"]),
    outcome=st.sampled_from(["pending", "asked", "opened", "missed", "declined"]),
    by=st.sampled_from([None, "Bob"]),
    ended_at=st.sampled_from([0.0, NOON + 1]),
)


@given(st.lists(st.tuples(st.booleans(), visits), max_size=8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_fake_writes_the_history_as_dynamodb_does(
    table: Table, told: list[tuple[bool, Visit]]
) -> None:
    home, real, fake = f"home-{next(_homes)}", VisitTable(table), FakeVisits()
    for ended, visit in told:
        for each in (real, fake):
            (each.ended if ended else each.decided)(visit._replace(home=home), NOON)
    assert real.before(home, None, 9) == fake.before(home, None, 9)
