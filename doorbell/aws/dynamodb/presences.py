"""When devices were last seen, in the table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell.aws.dynamodb.settings import device_exists
from doorbell.aws.dynamodb.table import Table, put
from doorbell.aws.dynamodb.values import encode, read
from doorbell.errors import Conflict
from doorbell.household.model import Presence

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.values import Item


DOOR: Final = "door"
"""What stands in `watched` of doors, and of nothing else: they alone are in the index."""


class PresenceTable:
    """`doorbell.household.ports.Presences`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_home(self, home: str) -> dict[str, Presence]:
        """By device."""
        found = [read(Presence, item) for item in self._table.starting(home, "presence#")]
        return {presence.device: presence for presence in found}

    def find(self, home: str, device: str) -> Presence | None:
        """That of one device."""
        item = self._table.get(home, _sk(device))
        return read(Presence, item) if item else None

    def doors(self) -> list[Presence]:
        """From the index `doors`, which is a moment behind the table.

        The one read that names no home: it is for a job that looks after all of them.
        """
        asked = {
            "TableName": self._table.names.household,
            "IndexName": "doors",
            "KeyConditionExpression": "watched = :door",
            "ExpressionAttributeValues": encode({":door": DOOR}),
        }
        return [read(Presence, item) for item in self._table.query(asked)]

    def seen(self, home: str, device: str, now: float, *, door: bool = False) -> None:
        """A device that was revoked meanwhile leaves no trace."""
        item: Item = {**Presence(home, device, now)._asdict(), "sk": _sk(device)}
        if door:
            item["watched"] = DOOR
        with suppress(Conflict):
            self._table.write([device_exists(home, device), put(item)])

    def heard(self, presence: Presence, at: float, *, silent: bool) -> None:
        """Raises Conflict if it was seen since."""
        self._table.update(
            presence.home,
            _sk(presence.device),
            "SET seen_at = :at, silent = :silent",
            "seen_at = :then",
            {":at": at, ":silent": silent, ":then": presence.seen_at},
        )

    def told_offline(self, presence: Presence) -> None:
        """Raises Conflict if it was seen since."""
        self._table.update(
            presence.home,
            _sk(presence.device),
            "SET told_offline = :yes",
            "seen_at = :then",
            {":yes": True, ":then": presence.seen_at},
        )


def _sk(device: str) -> str:
    return f"presence#{device}"
