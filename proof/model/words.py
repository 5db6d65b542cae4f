"""What happened, as a counterexample tells it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from proof.model.client import Call

LONG: Final = re.compile(r"\b([0-9a-f]{4})[0-9a-f]{22}\b")
"""A ring's id; its beginning says which one it is."""


def told(call: Call) -> str:
    """A call to AWS in a few words."""
    given = call.given
    if call.operation == "POST":
        return f"post {kind_of(given['frame'])} to {given['connection']}"
    if call.operation == "PutEvents":
        return f"publish {given['Entries'][0]['DetailType']}"
    if call.operation.startswith("SendTask"):
        said = given.get("error") or json.loads(given["output"])["answer"]
        return f"{call.operation} {said}"
    if call.operation == "sleep":
        return "wait"
    return f"{_verb(call.operation)} {' + '.join(rows_of(call))}"


def rows_of(call: Call) -> list[str]:
    """The sort keys that a call to the table names; of a range, where it begins."""
    given: dict[str, Any] = call.given
    if call.operation == "TransactWriteItems":
        return [_row(part) for item in given["TransactItems"] for part in item.values()]
    if call.operation == "BatchGetItem":
        tables = given["RequestItems"].values()
        return [str(key["sk"]["S"]) for asked in tables for key in asked["Keys"]]
    if call.operation == "Query":
        return [str(given["ExpressionAttributeValues"][":low"]["S"])]
    return [_row(given)]


def kind_of(frame: str) -> str:
    """The type of a message."""
    return str(json.loads(frame)["type"])


def shortened(said: str) -> str:
    """Without the ends of long ids."""
    return LONG.sub(r"\1", said)


def _row(given: dict[str, Any]) -> str:
    return str((given.get("Key") or given["Item"])["sk"]["S"])


def _verb(operation: str) -> str:
    if operation == "DeleteItem":
        return "delete"
    return "read" if operation in ("GetItem", "BatchGetItem", "Query") else "write"
