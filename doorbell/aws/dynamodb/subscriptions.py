"""Where notices of phones go, in the table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.settings import device_exists
from doorbell.aws.dynamodb.table import Table, put
from doorbell.aws.dynamodb.values import read
from doorbell.errors import Conflict
from doorbell.household.model import Subscription

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.values import Item


class SubscriptionTable:
    """`doorbell.household.ports.Subscriptions`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_home(self, home: str) -> list[Subscription]:
        """All of this home."""
        return [read(Subscription, item) for item in self._table.starting(home, "push#")]

    def find(self, home: str, device: str) -> Subscription | None:
        """That of one phone."""
        item = self._table.get(home, _sk(device))
        return read(Subscription, item) if item else None

    def add(self, subscription: Subscription) -> None:
        """In place of a former one. Raises Conflict if there is no such device."""
        item: Item = {**subscription._asdict(), "sk": _sk(subscription.device)}
        self._table.write([device_exists(subscription.home, subscription.device), put(item)])

    def remove(self, home: str, device: str, endpoint: str | None = None) -> None:
        """Forget it; with `endpoint`, only if it is still that one."""
        if endpoint is None:
            self._table.delete(home, _sk(device))
            return
        with suppress(Conflict):
            self._table.delete_if(home, _sk(device), "endpoint = :it", {":it": endpoint})


def _sk(device: str) -> str:
    return f"push#{device}"
