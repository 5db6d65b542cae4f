"""Which films were published, in the table: written before they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.aws.dynamodb.table import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.aws.dynamodb.table import Table

KEPT: Final = 32 * DAY
"""Seconds. An event that reached nobody lies in its queue for 14 days at most."""


class PublishedTable:
    """`doorbell.publishing.ports.Published`."""

    def __init__(self, table: Table, clock: Callable[[], float]) -> None:
        self._table = table
        self._clock = clock

    def claim(self, home: str, film: str, publication: str) -> None:
        """Raises Conflict if it was claimed before."""
        sk = f"published#{film}#{publication}"
        row = {"home": home, "sk": sk, "ttl": int(self._clock() + KEPT)}
        self._table.put(row, "attribute_not_exists(sk)")
