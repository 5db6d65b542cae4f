"""Rows that stand in the first table of a stack and belong into the second: copied, then removed.

In between the version before writes the originals, and the new one the copies
(docs/decisions/two-tables.md). Each bears a digest of what was copied, so that it is known which
of them was changed or deleted since.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from botocore.exceptions import ClientError

from doorbell.aws.dynamodb.table import PAUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import boto3

    from doorbell.aws.dynamodb.table import TableNames

Row: TypeAlias = dict[str, Any]
"""As DynamoDB has it: each value with its type."""
COPIED: Final = "copied"
"""The attribute of a copy and of its original that holds the digest. Whoever puts a row anew leaves
it out; whoever changes one in place leaves it, and it does not fit any more.
"""
NEW: Final = {"ConditionExpression": "attribute_not_exists(sk)"}
KNOWN: Final = {"ConditionExpression": "attribute_exists(sk)"}


class Misplaced:
    """They, and the second table."""

    def __init__(
        self,
        session: boto3.Session,
        endpoint: str | None,
        names: TableNames,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`sleep` takes the seconds of a pause."""
        self._dynamodb: Any = session.client("dynamodb", endpoint_url=endpoint)
        self._names = names
        self._sleep = sleep

    def copy(self) -> int:
        """Copy each row that is not there yet as it is now; how many. Nothing is overwritten but a
        copy that nobody has changed. Of whom the version before forgot, no copy stays.
        """
        originals = {_name(row): row for row in self._originals()}
        if originals:  # else all is divided: the other table need not be read for it
            for row in self._copies():
                if _name(row) not in originals:
                    self._delete(self._names.household, row)
        return sum(self._copy(row) for row in originals.values())

    def remove(self) -> int:
        """What was deleted or changed in the meantime is so; then every row stands in one place.
        How many stood in the first table. Where both versions changed a row, the new one's stays.
        """
        originals = {_name(row): row for row in self._originals()}
        for row in self._copies():
            self._settle(row, originals.get(_name(row)))
        for row in originals.values():
            # Else it was copied: if the copy is gone, the new version has deleted it.
            if COPIED not in row:
                self._put(row, NEW)
            self._delete(self._names.rings, row)
        return len(originals)

    def _copy(self, row: Row) -> bool:
        digest = _digest(row)
        if row.get(COPIED) == digest:
            return False
        copy = {**row, COPIED: digest}
        written = (COPIED not in row and self._put(copy, NEW)) or self._refresh(copy)
        # The copy first: an original that bears its digest has one, or had one.
        self._update(self._names.rings, row, "SET #copied = :digest", {":digest": digest})
        return written

    def _refresh(self, copy: Row) -> bool:
        """Put it in place of a former copy that is as it was made."""
        found = self._dynamodb.get_item(
            TableName=self._names.household, Key=_key(copy), ConsistentRead=True
        )
        former = found.get("Item")
        return bool(former) and _is_as_copied(former) and self._put(copy, _is_still(former))

    def _settle(self, copy: Row, original: Row | None) -> None:
        if original is None:
            self._delete(self._names.household, copy)
            return
        changed = _digest(original) != copy[COPIED]
        if changed and _is_as_copied(copy) and self._put(_bare(original), _is_still(copy)):
            return
        self._update(self._names.household, copy, "REMOVE #copied", {})

    def _put(self, row: Row, condition: dict[str, Any]) -> bool:
        return self._is_written(
            lambda: self._dynamodb.put_item(TableName=self._names.household, Item=row, **condition)
        )

    def _update(self, table: str, row: Row, change: str, values: dict[str, Any]) -> None:
        """Unless the row is gone meanwhile."""
        given = {"ExpressionAttributeValues": values} if values else {}
        self._is_written(
            lambda: self._dynamodb.update_item(
                TableName=table,
                Key=_key(row),
                UpdateExpression=change,
                ExpressionAttributeNames={"#copied": COPIED},
                **KNOWN,
                **given,
            )
        )

    def _delete(self, table: str, row: Row) -> None:
        self._is_written(lambda: self._dynamodb.delete_item(TableName=table, Key=_key(row)))

    def _is_written(self, write: Callable[[], Any]) -> bool:
        """Not if the condition does not hold; again while somebody's transaction is in the way."""
        for pause in (*PAUSES, None):
            try:
                write()
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "ConditionalCheckFailedException":
                    return False
                if code != "TransactionConflictException" or pause is None:
                    raise
                self._sleep(pause)
            else:
                return True
        raise AssertionError("unreachable: the last round returns or raises")

    def _originals(self) -> Iterator[Row]:
        for row in self._rows(self._names.rings):
            if self._names.of(row["sk"]["S"]) != self._names.rings:
                yield row

    def _copies(self) -> Iterator[Row]:
        return (row for row in self._rows(self._names.household) if COPIED in row)

    def _rows(self, table: str) -> Iterator[Row]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for page in pages:
            yield from page["Items"]


def _digest(row: Row) -> dict[str, str]:
    """Of all but the digest itself, as a value of the table."""
    text = json.dumps(_bare(row), sort_keys=True)
    return {"S": hashlib.sha256(text.encode()).hexdigest()}


def _is_as_copied(row: Row) -> bool:
    """Nobody has changed it since: neither put anew, nor in place."""
    return row.get(COPIED) == _digest(row)


def _is_still(row: Row) -> dict[str, Any]:
    """A condition: it is as it was read."""
    numbered = list(enumerate(row.items()))
    return {
        "ConditionExpression": " AND ".join(f"#{n} = :{n}" for n, _ in numbered),
        "ExpressionAttributeNames": {f"#{n}": name for n, (name, _) in numbered},
        "ExpressionAttributeValues": {f":{n}": value for n, (_, value) in numbered},
    }


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != COPIED}


def _name(row: Row) -> tuple[str, str]:
    return row["home"]["S"], row["sk"]["S"]


def _key(row: Row) -> Row:
    return {"home": row["home"], "sk": row["sk"]}
