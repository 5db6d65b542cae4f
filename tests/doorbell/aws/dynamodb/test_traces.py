"""A resident's name in the tables, before and after they are forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorbell.aws.dynamodb import table as layout
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.traces import TRACES, Trace, TraceTable
from doorbell.model import ResidentPhoto

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.aws.dynamodb.values import Item

NAMES: Final = ("Eve", "Evelyn", "Łukasz", "a#b")
PHOTO: Final = "residents/home/Eve/1.jpeg"


def row(sk: str, **fields: object) -> Item:
    return {"home": "home", "sk": sk, "id": sk.rpartition("#")[2], **fields}


def keep(table: Table, *rows: Item) -> None:
    for each in rows:
        table.put(each)


def kept(table: Table, home: str = "home") -> dict[str, Item]:
    return {item["sk"]: item for name in table.names for item in table.whole(home, name)}


THEIRS: Final = (
    row("ring#r1", code_for="Eve", decision="resident"),
    row("code#0001#front#r1", kind="ring", resident="Eve"),
    row("open#front#r2", by="Eve", cause="person"),
    row("open#front#r1", by="code", cause="code", ring="r1"),
    row("waiting#0009#r0", ring="r0"),
    row("pairing#hash", resident="Eve"),
    row("consent#Eve", resident="Eve", by="Ada"),
    row("history#0001#r1", resident="Eve", decision="resident", by="code"),
    row("history#0000#r0", resident="Eve", decision="no_phone"),
    row("face#f1", resident="Eve", face="f1"),
    row(f"photo#{PHOTO}#f1", resident="Eve", face="f1"),
    row("photo#source.jpeg#f2", resident="Eve", face="f2"),
)
FOR_OTHERS: Final = (
    (row("ring#r2", answered_by="Eve"), "answered_by"),
    (row("history#0002#r2", by="Eve", decision="stranger", outcome="opened"), "by"),
    (row("consent#Ada", resident="Ada", by="Eve"), "by"),
)
OTHERS: Final = (
    row("ring#r3", code_for="Evelyn"),
    row("open#front#r3", by="code", cause="code", ring="r3"),
    row("door#front", ring="r1"),
    row("code#guest#g1", kind="guest", resident="Eve"),
    row("history#0003#o1", resident="Eve", by="Eve", decision="guest"),
    row("open#front#o1", by="Eve", cause="guest"),
    row("face#f3", resident="Evelyn", face="f3"),
    row("object#residents/home/Evelyn/1.jpeg", happened="1", deleted=False),
)


def test_what_is_theirs_goes_and_what_they_did_for_others_stays_without_the_name(
    table: Table,
) -> None:
    """A guest may have a resident's name, and another resident a longer one."""
    named = [each for each, _ in FOR_OTHERS]
    keep(table, *THEIRS, *named, *OTHERS, {**THEIRS[0], "home": "away"})
    traces = TraceTable(table)
    assert traces.rings("home", "Eve") == ["r0", "r1"]
    assert traces.photos("home", "Eve") == [PHOTO, "source.jpeg"]
    assert traces.faces("home", "Eve") == ["f1", "f2"]
    assert traces.remove("home", "Eve") == len(THEIRS) + len(FOR_OTHERS)
    nameless = [each | {field: ""} for each, field in FOR_OTHERS]
    assert kept(table) == {each["sk"]: each for each in (*nameless, *OTHERS)}
    assert list(kept(table, "away")) == ["ring#r1"]
    assert traces.remove("home", "Eve") == 0


def test_what_has_lost_its_other_half_is_found_all_the_same(table: Table) -> None:
    """A face without its photo's row, a photo's row without its face, a ring in one place only."""
    keep(
        table,
        row("face#f1", resident="Eve", face="f1"),
        row("photo#residents/home/Eve/a#b.jpeg#f2", resident="Eve", face="f2"),
        row("ring#r1", code_for="Eve"),
        row("history#0001#r2", resident="Eve"),
    )
    traces = TraceTable(table)
    assert traces.faces("home", "Eve") == ["f1", "f2"]
    assert traces.photos("home", "Eve") == ["residents/home/Eve/a#b.jpeg"]
    assert traces.rings("home", "Eve") == ["r1", "r2"]


def test_every_row_that_is_rid_of_the_name_counts(table: Table) -> None:
    for number in range(3):
        keep(table, row(f"object#residents/home/Eve/{number}.jpeg", happened="1", deleted=True))
    assert TraceTable(table).remove("home", "Eve") == 3


def test_a_photo_that_is_gone_leaves_its_name_in_no_tombstone(table: Table) -> None:
    """Else the key, with the name in it, would stand there for days."""
    photo = ResidentPhoto("home", "Eve", PHOTO, "1")
    residents = ResidentTable(table)
    residents.photo_came(photo)
    residents.photo_went(photo._replace(sequencer="2"))
    assert TraceTable(table).remove("home", "Eve") == 1
    assert kept(table) == {}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    forgotten=st.sampled_from(NAMES),
    rows=st.lists(
        st.tuples(st.sampled_from(TRACES), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        max_size=6,
    ),
)
def test_after_it_no_row_of_any_kind_bears_the_name(
    table: Table, forgotten: str, rows: list[tuple[Trace, str, str]]
) -> None:
    for number, (trace, one, other) in enumerate(rows):
        fields = {each.field: one for each in TRACES if each.kind == trace.kind}
        fields[trace.field] = other
        keep(table, row(f"{trace.kind}{number}", face=str(number), **fields))
    TraceTable(table).remove("home", forgotten)
    values = [value for item in kept(table).values() for value in item.values()]
    assert forgotten not in values, json.dumps(values, default=str)
    for sk in kept(table):
        table.delete("home", sk)


@pytest.mark.parametrize("trace", TRACES)
def test_each_kind_of_row_is_one_that_the_tables_have(trace: Trace) -> None:
    assert f"| `{trace.kind}" in (layout.__doc__ or "")
