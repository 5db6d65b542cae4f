"""The history in the table: a row for each visit, in order of time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from doorbell.aws.dynamodb.values import Item, millis, read
from doorbell.errors import BadSetting, Conflict
from doorbell.household.model import Visit

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table

FIRST: Final = "history#"
LAST: Final = "history#~"
NOT_ENDED: Final = ("pending", "code", "asked")
NEW: Final = "attribute_not_exists(sk)"
LOOKED_AT: Final = 100
"""Visits in one request while one is searched by its id."""


class VisitTable:
    """`doorbell.household.ports.Visits`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def decided(self, visit: Visit, keep_until: float) -> None:
        """No end is changed, but what was decided is still learnt after it."""
        if visit.outcome == "pending":
            self._write(visit.home, _sk(visit), _known(visit, keep_until), NEW, {})
        elif not self._write_unless_ended(visit, keep_until):
            self._learn(visit)

    def ended(self, visit: Visit, keep_until: float) -> None:
        """The first end stands, and an open door is the last word."""
        if visit.outcome == "opened":
            known, values = _known(visit, keep_until), {":opened": "opened"}
            self._write(visit.home, _sk(visit), known, f"{NEW} OR outcome <> :opened", values)
        else:
            self._write_unless_ended(visit, keep_until)

    def filmed(self, visit: Visit, keep_until: float) -> None:
        """The film may come before all else that the bus tells of the ring."""
        self.decided(visit, keep_until)
        known = {"film": True} | ({"flat": True} if visit.flat else {})
        self._write(visit.home, _sk(visit), known, "attribute_exists(sk)", {})

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
        if cursor is not None and not re.fullmatch(r"[0-9]{13}-[A-Za-z0-9_-]{1,64}", cursor):
            raise BadSetting("There is no such page.")
        start = f"{FIRST}{cursor.replace('-', '#', 1)}" if cursor else None
        items, more = self._table.latest(home, FIRST, LAST, most, before=start)
        visits = [read(Visit, item) for item in items]
        last = items[-1]["sk"].removeprefix(FIRST).replace("#", "-", 1) if items else None
        return visits, last if more else None

    def _learn(self, visit: Visit) -> None:
        """Whom it was; of a late press nothing is known."""
        decided = {"decision": visit.decision, "resident": visit.resident}
        known = {name: value for name, value in decided.items() if value is not None}
        if known:
            self._write(visit.home, _sk(visit), known, "attribute_exists(sk)", {})

    def _write_unless_ended(self, visit: Visit, keep_until: float) -> bool:
        values = {f":{outcome}": outcome for outcome in NOT_ENDED}
        condition = f"{NEW} OR outcome IN ({', '.join(values)})"
        return self._write(visit.home, _sk(visit), _known(visit, keep_until), condition, values)

    def _write(
        self, home: str, sk: str, known: Item, condition: str, values: dict[str, Any]
    ) -> bool:
        """Set these attributes if the condition holds; whether it did."""
        names = {f"#{name}": name for name in known}
        given = {f":set_{name}": value for name, value in known.items()}
        sets = ", ".join(f"#{name} = :set_{name}" for name in known)
        try:
            self._table.update(home, sk, f"SET {sets}", condition, given | values, names=names)
        except Conflict:
            return False
        return True


def _known(visit: Visit, keep_until: float) -> Item:
    """What is not known leaves what stands there."""
    item: Item = {k: v for k, v in visit._asdict().items() if v is not None and k != "home"}
    return item | {"ttl": int(keep_until)}


def _sk(visit: Visit) -> str:
    return f"{FIRST}{millis(visit.at)}#{visit.id}"
