"""Rings as their rows stand in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import DAY
from doorbell.model import DoorState
from doorbell.protocol import MAX_AGE_SECONDS
from tests.fakes import NOON, a_ring

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.model import PressKind


@pytest.mark.parametrize(
    ("kind", "late_by"), [("new", 0), ("limited", 0), ("repeat", 0), ("late", MAX_AGE_SECONDS)]
)
def test_a_ring_is_kept_for_two_days_and_a_late_one_as_long_as_it_may_be_late(
    table: Table, kind: PressKind, late_by: int
) -> None:
    RingTable(table).record(a_ring()._replace(kind=kind), DoorState(), 0)
    (row,) = table.starting("home", "ring#")
    assert row["ttl"] == int(NOON) + 2 * DAY + late_by


@pytest.mark.parametrize(
    ("kind", "counts"), [("new", True), ("limited", True), ("repeat", False), ("late", False)]
)
def test_every_first_press_counts_for_its_door_also_one_too_many(
    table: Table, kind: PressKind, counts: bool
) -> None:
    """Else a door that rings on and on would be searched for again after a while."""
    rings = RingTable(table)
    rings.record(a_ring()._replace(kind=kind), DoorState("ring-1", NOON, (NOON,)), 0)
    state = DoorState("ring-1", NOON, (NOON,), version=1) if counts else DoorState()
    assert rings.door_state("home", "front") == state


def test_a_ring_is_kept_with_the_place_where_its_machine_waits(table: Table) -> None:
    ring = a_ring()._replace(token="token")
    RingTable(table).record(ring, DoorState(), 0)
    assert RingTable(table).find("home", ring.id) == ring


def test_a_ring_that_has_ended_leaves_no_row_of_its_waiting(table: Table) -> None:
    rings = RingTable(table)
    rings.record(a_ring(), DoorState(), 0)
    asked = rings.ask(a_ring(), "stranger", NOON + 60, None)
    assert len(table.starting("home", "waiting#")) == 1
    rings.end(asked)
    assert table.starting("home", "waiting#") == []
