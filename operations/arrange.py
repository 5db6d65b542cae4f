"""Rows that an earlier version has put into the one table go where they belong now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operations.stacks import Deployed


def arrange(stack: Deployed) -> int:
    """Move what the ring path may only read out of the table that it writes; how many rows.

    A row is copied first: whoever is stopped half way may begin anew.
    """
    dynamodb = stack.session.client("dynamodb", endpoint_url=stack.endpoint)
    moved = 0
    for page in dynamodb.get_paginator("scan").paginate(TableName=stack.table.rings):
        for row in page["Items"]:
            if (belongs := stack.table.of(row["sk"]["S"])) != stack.table.rings:
                dynamodb.put_item(TableName=belongs, Item=row)
                key = {"home": row["home"], "sk": row["sk"]}
                dynamodb.delete_item(TableName=stack.table.rings, Key=key)
                moved += 1
    return moved
