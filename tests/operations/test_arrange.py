"""A table of before is divided in two, and nothing of it is lost, changed or brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from doorbell.aws.dynamodb.values import encode
from operations.arrange import finish
from operations.misplaced import Misplaced

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from tests.doorbell.aws.pools import MotoPool

HOUSEHOLD = ("device#front", "face#1")
WRITTEN_BY_BOTH = {"device#new": "before", "face#1": "after"}
KINDS = (*HOUSEHOLD, "ring#1", "code#guest#1", "connection#door#front#1")


@pytest.fixture
def tables(table: Table, moto: MotoPool) -> Misplaced:
    """All kinds of rows in the first table, as an earlier version has put them there."""
    for sk in KINDS:
        put(table, moto, sk, "first")
    return Misplaced(session(), None, table.names)


def session() -> boto3.Session:
    return boto3.Session("key", "secret", region_name="eu-central-1")


def put(table: Table, moto: MotoPool, sk: str, of: str) -> None:
    row = encode({"home": "home", "sk": sk, "of": of})
    moto.dynamodb.put_item(TableName=table.names.rings, Item=row)


def change_in_place(table: Table, moto: MotoPool, sk: str, of: str) -> None:
    moto.dynamodb.update_item(
        TableName=table.names.rings,
        Key=encode({"home": "home", "sk": sk}),
        UpdateExpression="SET #of = :of",
        ExpressionAttributeNames={"#of": "of"},
        ExpressionAttributeValues=encode({":of": of}),
    )


def write_by_both(table: Table, moto: MotoPool) -> None:
    """Each version writes a row where it looks for it."""
    put(table, moto, "device#new", WRITTEN_BY_BOTH["device#new"])
    table.put({"home": "home", "sk": "face#1", "of": WRITTEN_BY_BOTH["face#1"]})


def delete(table: Table, moto: MotoPool, sk: str) -> None:
    key = encode({"home": "home", "sk": sk})
    moto.dynamodb.delete_item(TableName=table.names.rings, Key=key)


def stored(moto: MotoPool, name: str) -> str:
    """All of a table."""
    return str(moto.dynamodb.scan(TableName=name)["Items"])


def found(table: Table) -> dict[str, Any]:
    items = {sk: table.get("home", sk) for sk in (*KINDS, "device#new")}
    return {sk: item["of"] for sk, item in items.items() if item}


def test_between_copy_and_end_both_versions_find_everything(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    assert tables.copy() == len(HOUSEHOLD)
    assert found(table) == dict.fromkeys(KINDS, "first")
    assert moto.dynamodb.scan(TableName=table.names.rings)["Count"] == len(KINDS)


def test_in_the_end_every_row_stands_in_one_place(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    tables.copy()
    assert finish(session(), None, table.names) == len(HOUSEHOLD)
    assert found(table) == dict.fromkeys(KINDS, "first")
    assert moto.dynamodb.scan(TableName=table.names.rings)["Count"] == 3
    assert "copied" not in stored(moto, table.names.household)
    assert finish(session(), None, table.names) == 0


def test_a_device_revoked_in_between_stays_revoked(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    """By the version before, which knows one table."""
    tables.copy()
    delete(table, moto, "device#front")
    tables.remove()
    assert "device#front" not in found(table)


def test_what_either_version_wrote_in_between_stays(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    tables.copy()
    write_by_both(table, moto)
    tables.remove()
    assert found(table) | WRITTEN_BY_BOTH == found(table)


@pytest.mark.parametrize("change", ["put", "change"])
def test_what_the_version_before_wrote_anew_in_between_is_taken(
    tables: Misplaced, table: Table, moto: MotoPool, change: str
) -> None:
    """A phone that was paired once more has the token it was given last."""
    tables.copy()
    {"put": put, "change": change_in_place}[change](table, moto, "device#front", "before")
    tables.remove()
    assert found(table)["device#front"] == "before"
    assert "copied" not in stored(moto, table.names.household)


@pytest.mark.parametrize("by_new", ["put", "change"])
@pytest.mark.parametrize("by_old", ["put", "change"])
def test_what_both_versions_changed_is_as_the_new_one_left_it(
    tables: Misplaced, table: Table, moto: MotoPool, by_old: str, by_new: str
) -> None:
    tables.copy()
    {"put": put, "change": change_in_place}[by_old](table, moto, "device#front", "before")
    if by_new == "put":
        table.put({"home": "home", "sk": "device#front", "of": "after"})
    else:
        change, names = "SET #of = :of", {"#of": "of"}
        there = "attribute_exists(sk)"
        table.update("home", "device#front", change, there, {":of": "after"}, names=names)
    tables.copy()
    tables.remove()
    assert found(table)["device#front"] == "after"
    assert "copied" not in stored(moto, table.names.household)


def test_copying_that_broke_off_goes_on_with_what_is_not_there_yet(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    """And overwrites nothing that was written there since."""
    tables.copy()
    write_by_both(table, moto)
    assert tables.copy() == 1
    assert found(table) | WRITTEN_BY_BOTH == found(table)
    assert tables.copy() == 0


def test_what_changed_before_the_next_try_is_copied_anew(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    """Days may lie in between: the update shall find no token of before, and nobody revoked."""
    tables.copy()
    change_in_place(table, moto, "device#front", "later")
    delete(table, moto, "face#1")
    assert tables.copy() == 1
    assert found(table)["device#front"] == "later"
    assert "face#1" not in found(table)


@pytest.mark.parametrize("again", [True, False])
def test_a_device_revoked_by_the_new_version_is_never_brought_back(
    tables: Misplaced, table: Table, again: bool
) -> None:
    """Neither by the next deployment, nor in the end."""
    tables.copy()
    table.delete("home", "device#front")
    if again:
        assert tables.copy() == 0
        assert "device#front" not in found(table)
    tables.remove()
    assert "device#front" not in found(table)


def test_a_ring_under_way_holds_a_copy_up_for_a_moment_only(
    table: Table, moto: MotoPool, tables: Misplaced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that looks at a device refuses whoever marks it."""
    rested: list[float] = []
    busy = Busy(moto.dynamodb)
    patient = Misplaced(session(), None, table.names, rested.append)
    monkeypatch.setattr(patient, "_dynamodb", busy)
    assert patient.copy() == len(HOUSEHOLD)
    assert len(rested) == 1
    assert tables.copy() == 0


class Busy:
    """DynamoDB, whose first update meets a transaction."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self._met = False

    def update_item(self, **given: Any) -> Any:
        if self._met:
            return self._dynamodb.update_item(**given)
        self._met = True
        raise ClientError({"Error": {"Code": "TransactionConflictException"}}, "UpdateItem")

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._dynamodb, operation)


def test_a_kept_home_is_divided_without_a_copy(
    tables: Misplaced, table: Table, moto: MotoPool
) -> None:
    assert tables.remove() == len(HOUSEHOLD)
    assert found(table) == dict.fromkeys(KINDS, "first")
