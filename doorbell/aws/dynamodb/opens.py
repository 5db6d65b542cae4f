"""Orders to open, in the table."""

from __future__ import annotations

from typing import Final

from doorbell.aws.dynamodb.table import DAY, Table, put
from doorbell.aws.dynamodb.values import Item, millis, read
from doorbell.model import OpenOrder

OLDEST: Final = 2 * 3600
"""An order's id starts with the time of its ring, which may lie so many seconds back."""


class OpenTable:
    """`doorbell.ports.Opens`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, order: OpenOrder) -> None:
        """Remember it. Raises Conflict if it is known."""
        self._table.write([put_order(order)])

    def renew(self, order: OpenOrder, valid_until: float) -> None:
        """It is valid anew. Raises Conflict if the door has opened for it."""
        self._table.update(
            order.home,
            _open(order.door, order.id),
            "SET valid_until = :until",
            "opened_at = :never",
            {":until": valid_until, ":never": 0.0},
        )

    def find(self, home: str, door: str, order: str) -> OpenOrder | None:
        """The order, if this door has it."""
        item = self._table.get(home, _open(door, order))
        return read(OpenOrder, item) if item else None

    def acknowledge(self, order: OpenOrder, now: float) -> None:
        """The door opened. Raises Conflict if it said so before."""
        self._table.update(
            order.home,
            _open(order.door, order.id),
            "SET opened_at = :now",
            "opened_at = :never",
            {":now": now, ":never": 0.0},
        )

    def pending(self, home: str, door: str, now: float) -> list[OpenOrder]:
        """Valid and not acknowledged."""
        low = _open(door, millis(now - OLDEST))
        orders = [read(OpenOrder, i) for i in self._table.between(home, low, _open(door, "~"))]
        return [o for o in orders if not o.opened_at and now < o.valid_until]


def put_order(order: OpenOrder) -> Item:
    """A change for `Table.write`: remember this order, which must not be known."""
    item = {**order._asdict(), "sk": _open(order.door, order.id)}
    return put(item | {"ttl": int(order.valid_until) + DAY}, "attribute_not_exists(sk)")


def _open(door: str, order: str) -> str:
    return f"open#{door}#{order}"
