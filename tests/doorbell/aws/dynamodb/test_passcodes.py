"""Codes as their rows stand in the table, also a former release's; when tries are forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.table import DAY
from doorbell.errors import Conflict
from doorbell.model import Attempt, AttemptLog, Passcode
from tests.fakes import NOON

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.aws.dynamodb.values import Item

CODE = Passcode("home", "ring-1", "ring", "Ada", ("front",), NOON, NOON + 120, ("hash",))


def of_a_former_release(used_at: float = 0.0) -> Item:
    """It knew neither kinds nor uses, and one door for each code."""
    return {
        "home": "home",
        "sk": f"code#{round(NOON * 1000):013d}#front#ring-1",
        "ring": "ring-1",
        "resident": "Ada",
        "door": "front",
        "issued_at": NOON,
        "expires_at": NOON + 120,
        "hashes": ("hash",),
        "used_at": used_at,
    }


def test_a_code_of_a_former_release_is_a_ring_s_for_one_door_once(table: Table) -> None:
    table.put(of_a_former_release())
    codes = PasscodeTable(table)
    assert codes.in_home("home", NOON) == [CODE]
    use = CODE._replace(used_at=NOON + 3, uses_left=0)
    codes.settle("home", "front", AttemptLog(), use, None)
    assert codes.in_home("home", NOON) == [use]
    with pytest.raises(Conflict):
        codes.settle("home", "front", AttemptLog((), 1), use, None)


def test_a_used_code_of_a_former_release_has_no_use_left(table: Table) -> None:
    table.put(of_a_former_release(NOON + 3))
    (code,) = PasscodeTable(table).in_home("home", NOON)
    assert (code.uses_left, code.used_at) == (0, NOON + 3)


def test_a_former_release_finds_the_door_of_a_code_of_this_one(table: Table) -> None:
    """While a stack is updated, both read the same rows."""
    PasscodeTable(table).issue(CODE._replace(doors=("front", "back")), [])
    (row,) = table.starting("home", "code#")
    assert (row["door"], row["doors"]) == ("front", ("front", "back"))


@pytest.mark.parametrize(
    ("tries", "used_at", "last"),
    [((NOON + 1, NOON + 5), None, NOON + 5), ((NOON + 1,), NOON + 9, NOON + 9), ((), NOON, NOON)],
)
def test_tries_are_forgotten_a_day_after_the_last_thing_that_was_typed(
    table: Table, tries: tuple[float, ...], used_at: float | None, last: float
) -> None:
    codes = PasscodeTable(table)
    codes.issue(CODE, [])
    log = AttemptLog(tuple(Attempt(at, ("ring-1",)) for at in tries))
    used = CODE._replace(used_at=used_at, uses_left=0) if used_at else None
    codes.settle("home", "front", log, used, None, log if tries else None)
    rows = {row["sk"]: row for row in table.starting("home", "keypad#")}
    assert rows["keypad#front"]["ttl"] == int(last) + DAY
    if tries:
        assert rows["keypad#*"]["ttl"] == int(tries[-1]) + DAY, "a good code is no try at others"


def test_where_nothing_was_typed_nothing_is_forgotten(table: Table) -> None:
    PasscodeTable(table).settle("home", "front", AttemptLog(), None, None)
    (row,) = table.starting("home", "keypad#")
    assert "ttl" not in row
