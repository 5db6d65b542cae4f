"""What bears a resident's name in the tables, and how each kind of row is rid of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from doorbell.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorbell.aws.dynamodb.table import Table
    from doorbell.aws.dynamodb.values import Item

Way: TypeAlias = Literal["row", "name"]
"""row: all of it goes · name: it tells of somebody else, too, and stays without the name."""


class Trace(NamedTuple):
    """Where a name stands."""

    kind: str
    """How the sort keys of these rows begin."""
    field: str
    way: Way
    unless: tuple[str, tuple[str, ...]] = ("", ())
    """Not in rows in which this field is one of these: a guest may have a resident's name."""


TRACES: Final = (
    Trace("ring#", "code_for", "row"),
    Trace("ring#", "answered_by", "name"),
    Trace("code#", "resident", "row", ("kind", ("guest",))),
    Trace("open#", "by", "row", ("cause", ("guest",))),
    Trace("pairing#", "resident", "row"),
    Trace("consent#", "resident", "row"),
    Trace("consent#", "by", "name"),
    Trace("history#", "resident", "row", ("decision", ("guest",))),
    Trace("history#", "by", "name", ("decision", ("guest",))),
    Trace("photo#", "resident", "row"),
    Trace("face#", "resident", "row"),
)
"""Rows of devices go with the device (`home_devices`), those of photos by their keys."""


class TraceTable:
    """`doorbell.household.ports.Traces`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def rings(self, home: str, resident: str) -> list[str]:
        """Those of two days ago from their own rows, older ones from the history."""
        found = self._of(home, resident, ("ring#", "history#"), "row")
        return sorted({row["id"] for row in found})

    def photos(self, home: str, resident: str) -> list[str]:
        """The keys of photos that gave a face; also of the owner's at the bucket's root."""
        found = self._of(home, resident, ("photo#",), "row")
        return [row["sk"].removeprefix("photo#").rpartition("#")[0] for row in found]

    def faces(self, home: str, resident: str) -> list[str]:
        """Also one whose photo's row alone is left."""
        found = self._of(home, resident, ("face#", "photo#"), "row")
        return sorted({row["face"] for row in found})

    def remove(self, home: str, resident: str) -> int:
        """Rows that are theirs go; others stay without the name."""
        found = self._forget_around(home, set(self.rings(home, resident)))
        for trace in TRACES:
            for row in self._bearing(home, resident, trace):
                self._rid(home, row, trace, resident)
                found += 1
        for row in self._table.starting(home, f"object#residents/{home}/{resident}/"):
            self._table.delete(home, row["sk"])
            found += 1
        return found

    def _forget_around(self, home: str, rings: set[str]) -> int:
        """That one of their rings waited, or opened a door by a code, names it and nobody."""
        found = 0
        for kind in ("open#", "waiting#"):
            for row in self._table.starting(home, kind):
                if row.get("ring") in rings:
                    self._table.delete(home, row["sk"])
                    found += 1
        return found

    def _rid(self, home: str, row: Item, trace: Trace, resident: str) -> None:
        if trace.way == "row":
            self._table.delete(home, row["sk"])
            return
        with suppress(Conflict):  # somebody else's name by now, or no row any more
            self._table.update(
                home,
                row["sk"],
                "SET #field = :nobody",
                "#field = :name",
                {":nobody": "", ":name": resident},
                names={"#field": trace.field},
            )

    def _of(self, home: str, resident: str, kinds: tuple[str, ...], way: Way) -> Iterator[Item]:
        for trace in TRACES:
            if trace.kind in kinds and trace.way == way:
                yield from self._bearing(home, resident, trace)

    def _bearing(self, home: str, resident: str, trace: Trace) -> Iterator[Item]:
        field, others = trace.unless
        for row in self._table.starting(home, trace.kind):
            if row.get(trace.field) == resident and row.get(field) not in others:
                yield row
