"""Rings in the table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.table import DAY, Table, change, put
from doorbell.aws.dynamodb.values import Item, millis, read
from doorbell.errors import Conflict
from doorbell.model import DoorState, Ring
from doorbell.protocol import MAX_AGE_SECONDS

if TYPE_CHECKING:
    from doorbell.protocol import Reason

LIFE = 2 * DAY
"""Seconds after which a ring is forgotten; its photo is gone by then too."""


class RingTable:
    """`doorbell.ports.Rings`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, home: str, ring: str) -> Ring | None:
        """The ring as it is now."""
        item = self._table.get(home, f"ring#{ring}")
        return read_ring(item) if item else None

    def door_state(self, home: str, door: str) -> DoorState:
        """What is remembered of this door."""
        return read_door_state(self._table.get(home, f"door#{door}"))

    def record(self, ring: Ring, state: DoorState, was: int) -> None:
        """Write both. Raises Conflict."""
        # A late press may be a month old when it is written.
        life = LIFE + (MAX_AGE_SECONDS if ring.kind == "late" else 0)
        item = _item(ring) | {"ttl": int(ring.pressed_at) + life}
        changes = [put(item, "attribute_not_exists(sk)")]
        if ring.kind in ("new", "limited"):
            kept = state._replace(version=was + 1)._asdict()
            kept["ttl"] = int(ring.pressed_at) + LIFE
            changes.append(
                put(
                    {"home": ring.home, "sk": f"door#{ring.door}", **kept},
                    "attribute_not_exists(sk) OR version = :was",
                    {":was": was},
                )
            )
        self._table.write(changes)

    def announced(self, ring: Ring, now: float) -> None:
        """The phones have heard of it."""
        with suppress(Conflict):
            self._table.update(
                ring.home,
                f"ring#{ring.id}",
                "SET announced_at = :now",
                "attribute_exists(sk) AND announced_at = :never",
                {":now": now, ":never": 0.0},
            )

    def ask(self, ring: Ring, reason: Reason, until: float, token: str | None) -> Ring:
        """A resident may answer from now on. Raises Conflict."""
        # `wait_token`, because `token` is a reserved word of DynamoDB.
        waits = ", wait_token = :token" if token else " REMOVE wait_token"
        item = self._table.update(
            ring.home,
            f"ring#{ring.id}",
            f"SET reason = :reason, decision = :reason, answer_until = :until{waits}",
            "attribute_exists(sk) AND attribute_not_exists(answer)",
            {":reason": reason, ":until": until, ":token": token},
        )
        self._table.put(
            {
                "home": ring.home,
                "sk": _waiting(until, ring.id),
                "ring": ring.id,
                "ttl": int(until) + DAY,
            }
        )
        return read_ring(item)

    def answer(self, home: str, ring: str, answer: str, by: str, now: float) -> Ring:
        """The first answer counts. Raises Conflict."""
        item = self._table.update(
            home,
            f"ring#{ring}",
            "SET answer = :answer, answered_by = :by, answered_at = :now",
            "attribute_not_exists(answer) AND answer_until >= :now",
            {":answer": answer, ":by": by, ":now": now},
        )
        return read_ring(item)

    def decide(self, ring: Ring, decision: str) -> None:
        """Write what was decided. Raises Conflict."""
        self._table.update(
            ring.home,
            f"ring#{ring.id}",
            "SET decision = :decision",
            "attribute_exists(sk) AND attribute_not_exists(decision)",
            {":decision": decision},
        )

    def photo_came(self, home: str, ring: str, now: float) -> Ring | None:
        """Remember that a photo came."""
        try:
            item = self._table.update(
                home, f"ring#{ring}", "SET photo_at = :now", "attribute_exists(sk)", {":now": now}
            )
        except Conflict:
            return None
        return read_ring(item)

    def end(self, ring: Ring) -> None:
        """Nobody may answer any more. Raises Conflict if somebody has."""
        self._table.update(
            ring.home,
            f"ring#{ring.id}",
            "SET answer_until = :past",
            "attribute_exists(sk) AND attribute_not_exists(answer)",
            {":past": ring.pressed_at},
        )
        self._table.delete(ring.home, _waiting(ring.answer_until, ring.id))

    def waiting(self, home: str, now: float) -> list[Ring]:
        """Rings that may be answered now."""
        items = self._table.between(home, f"waiting#{millis(now)}", "waiting#~")
        found = (self.find(home, item["ring"]) for item in items)
        # A ring that was asked about twice has two rows.
        rings = {ring.id: ring for ring in found if ring and ring.waits(now)}
        return list(rings.values())


def _waiting(until: float, ring: str) -> str:
    return f"waiting#{millis(until)}#{ring}"


def _item(ring: Ring) -> Item:
    item = ring._asdict()
    item["wait_token"] = item.pop("token")
    return item | {"sk": f"ring#{ring.id}"}


def read_ring(item: Item) -> Ring:
    """A ring as the table keeps it."""
    return read(Ring, item | {"token": item.get("wait_token")})


def read_door_state(item: Item | None) -> DoorState:
    """What is remembered of a door; of a new one, nothing."""
    return read(DoorState, item or {})


def expect_phone(home: str, ring: str, resident: str, token: str) -> Item:
    """A change for `Table.write`: a code of this ring goes to this resident's phones, and the
    state machine waits at `token` for one; at an empty one for none.
    """
    return change(
        home,
        f"ring#{ring}",
        "SET code_for = :resident, code_token = :token",
        "attribute_exists(sk)",
        {":resident": resident, ":token": token},
    )
