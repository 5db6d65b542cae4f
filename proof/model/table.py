"""Both tables, held in one tuple, for no kind of key stands in both: what each request to DynamoDB
answers, and what it leaves.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from doorbell.aws.api.errors import ServiceError
from proof.model.expressions import holds, plain, updated

if TYPE_CHECKING:
    from collections.abc import Callable

Rows: TypeAlias = tuple[tuple[str, str], ...]
"""Items as JSON by `home/sk`, in order: worlds that hold the same rows are the same."""


class Table:
    """One request's view of the rows; what it has changed is in `rows` afterwards."""

    def __init__(self, rows: Rows) -> None:
        self._rows = dict(rows)

    @property
    def rows(self) -> Rows:
        """In order, so that it does not matter what was written first."""
        return tuple(sorted(self._rows.items()))

    def answer(self, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked. Raises ServiceError as DynamoDB does if a condition does not hold."""
        return OPERATIONS[operation](self, given)

    def item(self, key: str) -> dict[str, Any] | None:
        """An item as it stands on the wire."""
        return _read(self._rows[key]) if key in self._rows else None

    def get(self, given: dict[str, Any]) -> dict[str, Any]:
        """GetItem."""
        item = self.item(_key(given))
        return {"Item": item} if item is not None else {}

    def get_all(self, given: dict[str, Any]) -> dict[str, Any]:
        """BatchGetItem."""
        found = {
            name: [self.item(_name(key)) for key in asked["Keys"]]
            for name, asked in given["RequestItems"].items()
        }
        there = {name: [item for item in items if item] for name, items in found.items()}
        return {"Responses": there}

    def query(self, given: dict[str, Any]) -> dict[str, Any]:
        """Query, of a range of sort keys."""
        values = given["ExpressionAttributeValues"]
        home, low, high = (values[name]["S"] for name in (":home", ":low", ":high"))
        found = [key for key in self._rows if f"{home}/{low}" <= key <= f"{home}/{high}"]
        return {"Items": [_read(self._rows[key]) for key in sorted(found)]}

    def put(self, given: dict[str, Any]) -> dict[str, Any]:
        """PutItem."""
        self._must_hold(given, _name(given["Item"]))
        self._write(given["Item"])
        return {}

    def update(self, given: dict[str, Any]) -> dict[str, Any]:
        """UpdateItem."""
        self._must_hold(given, _key(given))
        values = given.get("ExpressionAttributeValues", {})
        item = self.item(_key(given)) or given["Key"]
        changed = updated(_named(given, "UpdateExpression"), item, values)
        self._write(changed)
        return {"Attributes": changed}

    def delete(self, given: dict[str, Any]) -> dict[str, Any]:
        """DeleteItem."""
        self._must_hold(given, _key(given))
        self._rows.pop(_key(given), None)
        return {}

    def transact(self, given: dict[str, Any]) -> dict[str, Any]:
        """TransactWriteItems: all or none."""
        parts = [part for item in given["TransactItems"] for part in item.items()]
        kept = [self._holds(each, _name(each.get("Item") or each["Key"])) for _, each in parts]
        if not all(kept):
            reasons = tuple("None" if held else "ConditionalCheckFailed" for held in kept)
            raise ServiceError("TransactionCanceledException", 400, reasons)
        for kind, each in parts:
            _PARTS[kind](self, each)
        return {}

    def _must_hold(self, given: dict[str, Any], key: str) -> None:
        if not self._holds(given, key):
            raise ServiceError("ConditionalCheckFailedException", 400)

    def _holds(self, given: dict[str, Any], key: str) -> bool:
        values = given.get("ExpressionAttributeValues", {})
        condition = _named(given, "ConditionExpression")
        return not condition or holds(condition, self.item(key), values)

    def _write(self, item: dict[str, Any]) -> None:
        # When DynamoDB may sweep an item up matters to no rule.
        kept = {name: value for name, value in item.items() if name != "ttl"}
        self._rows[_name(item)] = json.dumps(kept, sort_keys=True)


OPERATIONS: Final[dict[str, Callable[[Table, dict[str, Any]], dict[str, Any]]]] = {
    "GetItem": Table.get,
    "BatchGetItem": Table.get_all,
    "Query": Table.query,
    "PutItem": Table.put,
    "UpdateItem": Table.update,
    "DeleteItem": Table.delete,
    "TransactWriteItems": Table.transact,
}
_PARTS: Final[dict[str, Callable[[Table, dict[str, Any]], object]]] = {
    "Put": Table.put,
    "Update": Table.update,
    "Delete": Table.delete,
    "ConditionCheck": lambda table, given: None,
}


def _named(given: dict[str, Any], expression: str) -> str:
    """An expression with the names that its placeholders stand for; empty if there is none."""
    written = str(given.get(expression, ""))
    for placeholder, name in given.get("ExpressionAttributeNames", {}).items():
        written = written.replace(placeholder, name)
    return written


@cache
def _read(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def _key(given: dict[str, Any]) -> str:
    return _name(given["Key"])


def _name(key: dict[str, Any]) -> str:
    return f"{plain(key['home'])}/{plain(key['sk'])}"
