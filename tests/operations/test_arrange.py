"""A table of before is divided in two, and nothing of it is lost, changed or brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from doorbell.aws.dynamodb.values import encode
from operations.arrange import Tables, finish

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from tests.doorbell.aws.pools import MotoPool

HOUSEHOLD = ("device#front", "face#1")
KINDS = (*HOUSEHOLD, "ring#1", "code#guest#1", "connection#door#front#1")


@pytest.fixture
def tables(table: Table, moto: MotoPool) -> Tables:
    """All kinds of rows in the first table, as an earlier version has put them there."""
    for sk in KINDS:
        put(table, moto, sk, "first")
    return Tables(session(), None, table.names)


def session() -> boto3.Session:
    return boto3.Session("key", "secret", region_name="eu-central-1")


def put(table: Table, moto: MotoPool, sk: str, of: str) -> None:
    row = encode({"home": "home", "sk": sk, "of": of})
    moto.dynamodb.put_item(TableName=table.names.rings, Item=row)


def found(table: Table) -> dict[str, Any]:
    items = {sk: table.get("home", sk) for sk in (*KINDS, "device#new")}
    return {sk: item["of"] for sk, item in items.items() if item}


def test_between_copy_and_end_both_versions_find_everything(
    tables: Tables, table: Table, moto: MotoPool
) -> None:
    assert tables.copy() == len(HOUSEHOLD)
    assert found(table) == dict.fromkeys(KINDS, "first")
    assert moto.dynamodb.scan(TableName=table.names.rings)["Count"] == len(KINDS)


def test_in_the_end_every_row_stands_in_one_place(
    tables: Tables, table: Table, moto: MotoPool
) -> None:
    tables.copy()
    assert finish(session(), None, table.names) == len(HOUSEHOLD)
    assert found(table) == dict.fromkeys(KINDS, "first")
    assert moto.dynamodb.scan(TableName=table.names.rings)["Count"] == 3
    assert "copied" not in str(moto.dynamodb.scan(TableName=table.names.household)["Items"])
    assert finish(session(), None, table.names) == 0


def test_a_device_revoked_in_between_stays_revoked(
    tables: Tables, table: Table, moto: MotoPool
) -> None:
    """By the version before, which knows one table."""
    tables.copy()
    key = encode({"home": "home", "sk": "device#front"})
    moto.dynamodb.delete_item(TableName=table.names.rings, Key=key)
    tables.remove_originals()
    assert "device#front" not in found(table)


def test_what_either_version_wrote_in_between_stays(
    tables: Tables, table: Table, moto: MotoPool
) -> None:
    tables.copy()
    put(table, moto, "device#new", "before")
    table.put({"home": "home", "sk": "face#1", "of": "after"})
    tables.remove_originals()
    assert found(table) | {"device#new": "before", "face#1": "after"} == found(table)


def test_a_kept_home_is_divided_without_a_copy(
    tables: Tables, table: Table, moto: MotoPool
) -> None:
    assert tables.remove_originals() == len(HOUSEHOLD)
    assert found(table) == dict.fromkeys(KINDS, "first")
