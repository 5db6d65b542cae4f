"""The table: plain values in, the same plain values out; conditions hold, homes are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.dynamodb.table import (
    BUSY,
    OF_RINGS,
    PAUSES,
    Table,
    TableNames,
    change,
    only_if,
    put,
)
from doorbell.aws.dynamodb.values import decode, encode, millis, read
from doorbell.errors import Conflict
from doorbell.model import DoorState
from tests.doorbell.aws.pools import ScriptedPool, refusal, said, some_client

if TYPE_CHECKING:
    from doorbell.aws.api.pool import Response
    from tests.doorbell.aws.pools import MotoPool

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15).filter(
    lambda number: number == 0 or abs(number) > 1e-100
)
values = st.recursive(
    text | st.booleans() | numbers,
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=8,
)
items = st.dictionaries(st.sampled_from("abcdef"), values, max_size=5)


@given(items)
def test_values_decode_to_what_was_encoded(item: dict[str, Any]) -> None:
    assert decode(encode(item)) == item


@given(items)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_item_comes_back_as_it_was_put(table: Table, item: dict[str, Any]) -> None:
    """Also through DynamoDB, which writes numbers in its own way."""
    kept = {"home": "home", "sk": "item", **item}
    table.put(kept)
    assert table.get("home", "item") == kept


@pytest.mark.parametrize("tiny", [5e-324, -1e-200, 1e-131])
def test_a_number_that_dynamodb_finds_too_near_to_zero_is_zero(table: Table, tiny: float) -> None:
    table.put({"home": "home", "sk": "item", "number": tiny})
    assert table.get("home", "item") == {"home": "home", "sk": "item", "number": 0}


def test_none_is_left_out_and_read_as_the_default() -> None:
    assert encode({"a": None, "b": 1}) == {"b": {"N": "1"}}
    assert read(DoorState, {"ring": "r", "sk": "door#front"}) == DoorState("r")


def test_what_the_table_cannot_hold_is_an_error() -> None:
    with pytest.raises(TypeError, match="bytes"):
        encode({"a": b"x"})


@given(st.lists(st.floats(0, 9_999_999_999), min_size=2, max_size=6))
def test_times_in_keys_sort_as_times_do(times: list[float]) -> None:
    assert [millis(t) for t in sorted(times)] == sorted(millis(t) for t in times)
    assert {len(millis(t)) for t in times} == {13}


def test_a_put_whose_condition_fails_is_a_conflict_and_changes_nothing(table: Table) -> None:
    table.put({"home": "home", "sk": "a", "n": 1})
    with pytest.raises(Conflict):
        table.put({"home": "home", "sk": "a", "n": 2}, "attribute_not_exists(sk)")
    assert table.get("home", "a") == {"home": "home", "sk": "a", "n": 1}


def test_an_update_whose_condition_fails_is_a_conflict(table: Table) -> None:
    with pytest.raises(Conflict):
        table.update("home", "a", "SET n = :n", "attribute_exists(sk)", {":n": 1})
    assert table.get("home", "a") is None


def test_several_changes_are_all_made_or_none(table: Table) -> None:
    table.put({"home": "home", "sk": "a", "n": 1})
    both = [put({"home": "home", "sk": "b"}), change("home", "a", "SET n = :n", "", {":n": 2})]
    with pytest.raises(Conflict):
        table.write([*both, only_if("home", "c", "attribute_exists(sk)", {})])
    assert table.get("home", "b") is None
    table.write([*both, only_if("home", "a", "n = :one", {":one": 1})][:2])
    assert table.get("home", "a") == {"home": "home", "sk": "a", "n": 2}


def test_any_other_error_is_not_taken_for_a_conflict(moto: MotoPool) -> None:
    nowhere = Table(some_client(moto), TableNames("nowhere", "nowhere"))
    with pytest.raises(ServiceError, match="ResourceNotFound"):
        nowhere.put({"home": "home", "sk": "a"})
    with pytest.raises(ServiceError, match="ResourceNotFound"):
        nowhere.update("home", "a", "SET n = :n", "", {":n": 1})


@pytest.mark.parametrize("kind", OF_RINGS)
def test_what_comes_and_goes_with_rings_stands_in_a_table_of_its_own(
    table: Table, moto: MotoPool, kind: str
) -> None:
    """And all else in the other, which the ring path may only read."""
    for sk in (f"{kind}1", "device#1", "anything#1", ""):
        table.put({"home": "home", "sk": sk or kind.upper()})
    held = {
        name: {item["sk"]["S"] for item in moto.dynamodb.scan(TableName=name)["Items"]}
        for name in table.names
    }
    assert held[table.names.rings] == {f"{kind}1"}
    assert held[table.names.household] == {"device#1", "anything#1", kind.upper()}


def test_both_tables_are_read_at_once_and_written_together(table: Table, moto: MotoPool) -> None:
    """One request for records of both, and one transaction over both: a ring waits for neither."""
    for sk in ("ring#1", "device#1"):
        table.put({"home": "home", "sk": sk, "n": 1})
    found = table.get_all("home", ["device#1", "ring#1", "device#2", "ring#2"])
    assert [item and item["sk"] for item in found] == ["device#1", "ring#1", None, None]
    both = [only_if("home", "device#1", "n = :n", {":n": 2}), put({"home": "home", "sk": "ring#2"})]
    with pytest.raises(Conflict):
        table.write(both)
    assert table.get("home", "ring#2") is None
    table.update("home", "device#1", "SET n = :n", "n = :was", {":n": 2, ":was": 1})
    table.write(both)
    table.delete("home", "device#1")
    assert [i["sk"] for i in table.starting("home", "ring#")] == ["ring#1", "ring#2"]


def test_a_range_has_both_its_ends_and_nothing_of_other_homes(table: Table) -> None:
    for home in ("home", "away"):
        for sk in ("a#1", "a#2", "a#3", "b#1"):
            table.put({"home": home, "sk": sk})
    assert [i["sk"] for i in table.between("home", "a#1", "a#2")] == ["a#1", "a#2"]
    assert [(i["home"], i["sk"]) for i in table.starting("home", "b")] == [("home", "b#1")]


def test_a_range_longer_than_a_page_is_read_whole(table: Table) -> None:
    """DynamoDB answers a megabyte at a time."""
    for number in range(6):
        table.put({"home": "home", "sk": f"a#{number}", "pad": "x" * 300_000})
    assert len(table.starting("home", "a#")) == 6


def test_deleting_what_is_not_there_is_no_error(table: Table) -> None:
    table.delete("home", "a")
    assert table.get("home", "a") is None


def test_items_that_dynamodb_had_no_time_for_are_asked_for_again() -> None:
    """BatchGetItem may give a part of what was asked for, and name the rest."""
    one, other = ({"home": {"S": "home"}, "sk": {"S": sk}} for sk in ("a", "b"))
    rest = {"table": {"Keys": [other], "ConsistentRead": True}}
    pool = ScriptedPool(
        said({"Responses": {"table": [one]}, "UnprocessedKeys": rest}),
        said({"Responses": {"table": [other]}, "UnprocessedKeys": {}}),
    )
    found = Table(some_client(pool), TableNames("rings", "table")).get_all("home", ["b", "a", "c"])
    assert found == [{"home": "home", "sk": "b"}, {"home": "home", "sk": "a"}, None]
    assert [r.given["RequestItems"]["table"]["Keys"] for r in pool.requests][1] == [other]


class Scripted:
    """A table that answers as it was told to; what it was asked, and the pauses in between."""

    def __init__(self, *answers: Response) -> None:
        self.pool = ScriptedPool(*answers)
        self.pauses: list[float] = []
        names = TableNames("rings", "household")
        client = some_client(self.pool, sleep=lambda seconds: None)
        self.table = Table(client, names, self.pauses.append)

    @property
    def asked(self) -> list[str]:
        """The operations, in order."""
        return [request.operation for request in self.pool.requests]


def assert_ever_longer(pauses: list[float]) -> None:
    """Each is drawn from the second half of what it may be."""
    for paused, most in zip(pauses, PAUSES, strict=True):
        assert most / 2 <= paused <= most


def test_a_batch_that_is_never_whole_is_an_error() -> None:
    never = {"household": {"Keys": [{"home": {"S": "home"}, "sk": {"S": "a"}}]}}
    it = Scripted(said({"Responses": {}, "UnprocessedKeys": never}))
    with pytest.raises(ServiceError, match=r"^UnprocessedKeys \(200\)$"):
        it.table.get_all("home", ["a"])
    assert it.asked == ["BatchGetItem"] * (len(PAUSES) + 1)
    assert_ever_longer(it.pauses)


@pytest.mark.parametrize("code", sorted(BUSY))
@pytest.mark.parametrize("single", [True, False])
def test_a_write_waits_ever_longer_while_the_table_is_busy(code: str, single: bool) -> None:
    """A transaction tells why each of its parts did not happen."""
    named = {"CancellationReasons": [{"Code": "None"}, {"Code": code}]}
    canceled = said({"__type": "TransactionCanceledException", **named}, 400)
    it = Scripted(refusal(f"{code}Exception") if single else canceled)
    row = put({"home": "home", "sk": "a"})
    with pytest.raises(ServiceError):
        it.table.write([row] if single else [row, row])
    assert_ever_longer(it.pauses)


def test_what_is_no_reason_to_wait_is_told_at_once() -> None:
    it = Scripted(refusal("AccessDeniedException"))
    with pytest.raises(ServiceError, match="AccessDenied"):
        it.table.put({"home": "home", "sk": "a"})
    assert it.pauses == []


def test_one_row_costs_one_write_and_several_a_transaction_that_counts_once() -> None:
    """DynamoDB charges a transaction twice, and takes its token for the same try."""
    it = Scripted()
    row = put({"home": "home", "sk": "a"})
    it.table.write([row])
    it.table.write([row, row])
    it.table.write([only_if("home", "a", "attribute_exists(sk)", {})])
    assert it.asked == ["PutItem", "TransactWriteItems", "TransactWriteItems"]
    tokens = {request.given["ClientRequestToken"] for request in it.pool.requests[1:]}
    assert len(tokens) == 2
    assert all(len(token) <= 36 for token in tokens), "API reference, TransactWriteItems"


def test_every_read_sees_what_was_written_before_it() -> None:
    """By default DynamoDB may answer from before the last write: a press or an answer would be
    missing now and then.
    """
    it = Scripted(said({"Items": [], "Responses": {}}))
    it.table.get("home", "ring#1")
    it.table.between("home", "ring#1", "ring#2")
    it.table.starting("home", "ring#")
    it.table.whole("home", "rings")
    it.table.latest("home", "history#", "history#~", 9)
    it.table.get_all("home", ["ring#1", "device#1"])
    *reads, batch = (request.given for request in it.pool.requests)
    assert len(reads) == 5
    assert all(read["ConsistentRead"] is True for read in reads)
    parts = batch["RequestItems"]
    assert {name: part["ConsistentRead"] for name, part in parts.items()} == {
        "rings": True,
        "household": True,
    }


def test_all_of_a_home_is_all_of_it(table: Table) -> None:
    for sk in ("Above all small letters", "device#1", "\u00e9", "ring#1"):
        table.put({"home": "home", "sk": sk})
    found = [item["sk"] for name in table.names for item in table.whole("home", name)]
    assert found == ["ring#1", "Above all small letters", "device#1", "\u00e9"]


@pytest.mark.parametrize(
    ("number", "value"),
    [("1E+3", 1000.0), ("1e3", 1000.0), ("12", 12), ("-0.5", -0.5), ("1E-7", 1e-7)],
)
def test_a_number_is_read_however_dynamodb_writes_it(number: str, value: float) -> None:
    read = decode({"a": {"N": number}})["a"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("value", "number"), [(0, "0"), (0.0, "0.0"), (1e-130, "1e-130"), (9.9e-131, "0")]
)
def test_only_what_dynamodb_refuses_is_rounded_to_nothing(value: float, number: str) -> None:
    assert encode({"a": value}) == {"a": {"N": number}}
