"""The history in the table: a row for each visit, in order of time."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from doorbell.aws.dynamodb.values import Item, millis, read
from doorbell.errors import BadSetting, Conflict
from doorbell.household.model import Visit

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table

FIRST: Final = "history#"
LAST: Final = "history#~"
NOT_ENDED: Final = ("pending", "code", "asked")
LOOKED_AT: Final = 100
"""Visits in one request while one is searched by its id."""


class VisitTable:
    """`doorbell.household.ports.Visits`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def decided(self, visit: Visit, keep_until: float) -> None:
        """Changes nothing once it has come to an end."""
        allowed = ", ".join(f":{outcome}" for outcome in NOT_ENDED)
        values = {f":{outcome}": outcome for outcome in NOT_ENDED}
        self._write(
            visit, keep_until, f"attribute_not_exists(sk) OR outcome IN ({allowed})", values
        )

    def ended(self, visit: Visit, keep_until: float) -> None:
        """An open door is the last word; any other end stands before it."""
        if visit.outcome == "opened":
            self._write(visit, keep_until, "attribute_not_exists(sk) OR home = :home", {})
        else:
            self._write(
                visit, keep_until, "attribute_not_exists(sk) OR outcome <> :opened",
                {":opened": "opened"},
            )  # fmt: skip

    def filmed(self, visit: Visit, keep_until: float) -> None:
        """The film may come before all else that the bus tells of the ring."""
        self.decided(visit, keep_until)
        film = {":film": True}
        with suppress(Conflict):
            self._table.update(
                visit.home, _sk(visit), "SET film = :film", "attribute_exists(sk)", film
            )

    def find(self, home: str, visit: str) -> Visit | None:
        """The visit of this id: rarely asked for, so it is searched in what is kept."""
        cursor: str | None = None
        while True:
            found, cursor = self.before(home, cursor, LOOKED_AT)
            for each in found:
                if each.id == visit:
                    return each
            if cursor is None:
                return None

    def before(self, home: str, cursor: str | None, most: int) -> tuple[list[Visit], str | None]:
        """Raises BadSetting if the cursor is none."""
        if cursor is not None and not re.fullmatch(r"\d{13}-[A-Za-z0-9_-]{1,64}", cursor):
            raise BadSetting("There is no such page.")
        start = f"{FIRST}{cursor.replace('-', '#', 1)}" if cursor else None
        items, more = self._table.latest(home, FIRST, LAST, most, before=start)
        visits = [read(Visit, item) for item in items]
        last = items[-1]["sk"].removeprefix(FIRST).replace("#", "-", 1) if items else None
        return visits, last if more else None

    def _write(
        self, visit: Visit, keep_until: float, condition: str, values: dict[str, Any]
    ) -> None:
        """Set all that is known; what is not known leaves what stands there."""
        item: Item = {k: v for k, v in visit._asdict().items() if v is not None and k != "home"}
        item["ttl"] = int(keep_until)
        names = {f"#{name}": name for name in item}
        given = {f":set_{name}": value for name, value in item.items()}
        sets = ", ".join(f"#{name} = :set_{name}" for name in item)
        if ":home" in condition:
            values = {**values, ":home": visit.home}
        with suppress(Conflict):
            self._table.update(
                visit.home, _sk(visit), f"SET {sets}", condition, {**given, **values}, names=names
            )


def _sk(visit: Visit) -> str:
    return f"{FIRST}{millis(visit.at)}#{visit.id}"
