"""The two tables: items of plain Python values, keyed by home and sort key `sk`.

What comes and goes with rings stands in one, which the ring path writes:

| sk | what |
| --- | --- |
| `connection#{role}#{device}#{connection}` | an open socket |
| `ring#{ring}` | a ring |
| `door#{door}` | what is remembered of a door |
| `waiting#{until}#{ring}` | a ring that may be answered |
| `code#{issued at}#{door}#{ring}` | the hashes of a ring's codes |
| `code#guest#{id}` | the hash of a guest's PIN |
| `keypad#{door}` | the tries at a door; `*` stands for all doors together |
| `open#{door}#{order}` | an order to open |

All else stands in the other, which the ring path may only read (docs/decisions/two-tables.md):

| sk | what |
| --- | --- |
| `device#{device}` | a device |
| `face#{face}` | whose face this is |
| `photo#{key}#{face}` | which face a resident's photo gave |
| `object#{key}` | what last happened to a resident's photo |
| `consent#{resident}` | who said that a resident agrees to be known by face |
| `phone#{device}` | a phone's settings |
| `push#{device}` | where a phone's notices go |
| `presence#{device}` | when a device was last seen |
| `home#settings` | what holds for all phones |
| `pairing#{hash}` | a code that lets one phone join |
| `history#{pressed at}#{ring}` | who came, and what became of it |
| `picture#{camera}` | the last picture of a camera |
| `film#{camera}#{end}#{film}` | a film of a camera, or why there is none |
| `filming#{camera}` | the film of a camera that is being made |
| `published#{film}#{publication}` | a film that was sent to be published, once |

The index `doors` has the presences of doors alone, those of all homes (attribute `watched`).

Times in sort keys are milliseconds in 13 digits, so that a time span is a range of keys.
"""

from __future__ import annotations

import random
import secrets
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.aws.api.endpoints import DYNAMODB
from doorbell.aws.api.errors import ServiceError
from doorbell.aws.dynamodb.values import decode, encode
from doorbell.errors import Conflict
from doorbell.settings import required

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from doorbell.aws.api.client import Client
    from doorbell.aws.dynamodb.values import Item


DAY: Final = 24 * 3600

PAUSES: Final = (0.03, 0.06, 0.12, 0.25)
"""Seconds before a write that met another one is tried again."""

BUSY: Final = frozenset(
    {
        "TransactionConflict",
        "TransactionInProgress",
        "Throttling",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
    }
)
"""DynamoDB's words for "not now": nothing was decided (API reference, TransactWriteItems)."""


OF_RINGS: Final = ("connection#", "ring#", "door#", "waiting#", "code#", "keypad#", "open#")
"""How the sort keys of what comes and goes with rings begin."""


class TableNames(NamedTuple):
    """Where a stack keeps its records."""

    rings: str
    household: str

    def of(self, sk: str) -> str:
        """The table that holds this kind of record."""
        return self.rings if sk.startswith(OF_RINGS) else self.household


def table_names(environment: Mapping[str, str]) -> TableNames:
    """A function's tables. Raises SettingsError."""
    return TableNames(required(environment, "TABLE"), required(environment, "HOUSEHOLD_TABLE"))


class Table:
    """Reads and writes of both tables. Every one names the home; reads are consistent."""

    def __init__(
        self, client: Client, names: TableNames, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """`sleep` takes the seconds of a pause."""
        self._client = client
        self._sleep = sleep
        self.names = names

    def get(self, home: str, sk: str) -> Item | None:
        """One item."""
        found = self._call("GetItem", sk, Key=_key(home, sk), ConsistentRead=True)
        return decode(found["Item"]) if "Item" in found else None

    def get_all(self, home: str, sks: Sequence[str]) -> list[Item | None]:
        """Several items (100 at most) of either table in one request, in this order."""
        found: dict[str, Item] = {}
        wanted: dict[str, Any] = {}
        for sk in sks:
            of_one = wanted.setdefault(self.names.of(sk), {"Keys": [], "ConsistentRead": True})
            of_one["Keys"].append(_key(home, sk))
        for pause in (*PAUSES, None):
            said = self._client.call(DYNAMODB, "BatchGetItem", {"RequestItems": wanted})
            for items in said["Responses"].values():
                found |= {item["sk"]["S"]: decode(item) for item in items}
            wanted = said.get("UnprocessedKeys", {})
            if not wanted:
                return [found.get(sk) for sk in sks]
            if pause is not None:
                self._rest(pause)
        raise ServiceError("UnprocessedKeys", 200)

    def between(self, home: str, low: str, high: str) -> list[Item]:
        """All items of a home whose sort keys lie between two bounds, in order; both bounds are of
        one kind, or of kinds that stand side by side in one table.
        """
        return self._between(self.names.of(low), home, low, high)

    def whole(self, home: str, table: str) -> list[Item]:
        """All items of a home in one of the two tables."""
        return self._between(table, home, " ", "\U0010ffff")

    def _between(self, table: str, home: str, low: str, high: str) -> list[Item]:
        asked: dict[str, Any] = {
            "TableName": table,
            "KeyConditionExpression": "home = :home AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": encode({":home": home, ":low": low, ":high": high}),
            "ConsistentRead": True,
        }
        return self.query(asked)

    def query(self, asked: dict[str, Any]) -> list[Item]:
        """All that a Query finds, page after page."""
        items: list[Item] = []
        while True:
            page = self._client.call(DYNAMODB, "Query", asked)
            items += [decode(item) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return items
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def latest(
        self, home: str, low: str, high: str, most: int, *, before: str | None = None
    ) -> tuple[list[Item], bool]:
        """At most so many items between two bounds, the last one first, and whether there are more.

        `before`: only what stands before this sort key.
        """
        asked: dict[str, Any] = {
            "KeyConditionExpression": "home = :home AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": encode({":home": home, ":low": low, ":high": high}),
            "ConsistentRead": True,
            "ScanIndexForward": False,
            "Limit": most,
        }
        if before:
            asked["ExclusiveStartKey"] = _key(home, before)
        page = self._call("Query", low, **asked)
        return [decode(item) for item in page["Items"]], "LastEvaluatedKey" in page

    def starting(self, home: str, prefix: str) -> list[Item]:
        """All items of a home whose sort keys start so, in order."""
        return self.between(home, prefix, prefix + "\U0010ffff")

    def put(self, item: Item, condition: str = "", values: Mapping[str, Any] | None = None) -> None:
        """Write an item. Raises Conflict if the condition does not hold."""
        self.write([put(item, condition, values)])

    def delete(self, home: str, sk: str) -> None:
        """Remove an item; none there is no error."""
        self._call("DeleteItem", sk, Key=_key(home, sk))

    def delete_if(self, home: str, sk: str, condition: str, values: Mapping[str, Any]) -> None:
        """Remove an item. Raises Conflict if the condition does not hold."""
        self._written(
            lambda: self._call(
                "DeleteItem", sk, Key=_key(home, sk), **_condition(condition, values)
            )
        )

    def update(
        self,
        home: str,
        sk: str,
        change: str,
        condition: str,
        values: Mapping[str, Any],
        *,
        names: Mapping[str, str] | None = None,
    ) -> Item:
        """Change one item in place; the item as it is then. Raises Conflict.

        `names` stand for attributes that DynamoDB reserves the words of.
        """
        named = {"ExpressionAttributeNames": dict(names)} if names else {}
        changed = self._written(
            lambda: self._call(
                "UpdateItem",
                sk,
                Key=_key(home, sk),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=encode(values),
                ReturnValues="ALL_NEW",
                **named,
            )
        )
        return decode(changed["Attributes"])

    def write(self, changes: Sequence[dict[str, Any]]) -> None:
        """Several changes, all or none. Raises Conflict if a condition does not hold."""
        named = [
            {kind: {"TableName": self.names.of(_sk(content)), **content}}
            for change in changes
            for kind, content in change.items()
        ]
        if len(named) == 1 and "Put" in named[0]:
            self._written(lambda: self._client.call(DYNAMODB, "PutItem", named[0]["Put"]))
        else:
            # The token makes a try that is sent again, because no answer came, the same one.
            once = {"TransactItems": named, "ClientRequestToken": secrets.token_hex(16)}
            self._written(lambda: self._client.call(DYNAMODB, "TransactWriteItems", once))

    def _written(self, write: Callable[[], Any]) -> Any:
        """Write, and again after a pause while another write is in the way or the table is busy.

        Raises Conflict only if a condition does not hold: that alone is an answer.
        """
        for pause in (*PAUSES, None):
            try:
                return write()
            except ServiceError as error:
                reasons = _reasons(error)
                if "ConditionalCheckFailed" in reasons:
                    raise Conflict("The record has changed meanwhile.") from error
                if pause is None or not reasons & BUSY:
                    raise
                self._rest(pause)
        raise AssertionError("unreachable: the last round returns or raises")

    def _rest(self, pause: float) -> None:
        self._sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter is no secret

    def _call(self, operation: str, sk: str, **given: Any) -> dict[str, Any]:
        return self._client.call(DYNAMODB, operation, {"TableName": self.names.of(sk), **given})


def put(item: Item, condition: str = "", values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A change for `Table.write`: put this item."""
    return {"Put": {"Item": encode(item), **_condition(condition, values)}}


def change(
    home: str, sk: str, expression: str, condition: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """A change for `Table.write`: update one item."""
    return {
        "Update": {
            "Key": _key(home, sk),
            "UpdateExpression": expression,
            **_condition(condition, values),
        }
    }


def remove(
    home: str, sk: str, condition: str = "", values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A change for `Table.write`: remove one item."""
    return {"Delete": {"Key": _key(home, sk), **_condition(condition, values)}}


def only_if(home: str, sk: str, condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A change for `Table.write` that changes nothing: it only has to hold."""
    return {"ConditionCheck": {"Key": _key(home, sk), **_condition(condition, values)}}


def _condition(condition: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if condition:
        given["ConditionExpression"] = condition
    if values:
        given["ExpressionAttributeValues"] = encode(values)
    return given


def _key(home: str, sk: str) -> dict[str, Any]:
    return encode({"home": home, "sk": sk})


def _sk(content: Mapping[str, Any]) -> str:
    key: str = (content.get("Key") or content["Item"])["sk"]["S"]
    return key


def _reasons(error: ServiceError) -> set[str]:
    """Why a write was refused: its own code, or those of a transaction's parts."""
    return {reason.removesuffix("Exception") for reason in (error.code, *error.reasons)}
