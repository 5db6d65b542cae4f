"""A table of before is divided in two, and nothing of it is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3

from doorbell.aws.dynamodb.values import encode
from operations.arrange import arrange
from operations.stacks import Deployed
from tests.doorbell.aws.pools import MotoPool, some_client

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


def test_rows_go_where_they_belong_and_a_second_time_moves_none(
    moto: MotoPool, table: Table
) -> None:
    session = boto3.Session("key", "secret", region_name="eu-central-1")
    names = table.names
    stack = Deployed(some_client(moto), session, None, names, "bucket", "wss://socket/prod", "home")
    rows = {
        sk: {"home": "home", "sk": sk, "of": sk}
        for sk in ("device#front", "face#1", "ring#1", "code#guest#1", "connection#door#front#1")
    }
    for row in rows.values():
        moto.dynamodb.put_item(TableName=names.rings, Item=encode(row))
    assert arrange(stack) == 2
    assert arrange(stack) == 0
    assert {sk: table.get("home", sk) for sk in rows} == rows
    assert moto.dynamodb.scan(TableName=names.rings)["Count"] == 3
