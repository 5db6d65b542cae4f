"""Codes that let phones join, in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.settings import made_manager
from doorbell.aws.dynamodb.table import DAY, Table, change, put, remove
from doorbell.aws.dynamodb.values import read
from doorbell.household.model import Pairing

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.values import Item
    from doorbell.model import Device


class PairingTable:
    """`doorbell.household.ports.Pairings`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, pairing: Pairing) -> None:
        """Keep it until it is used or expires."""
        ttl = int(pairing.expires_at) + DAY
        self._table.put({**pairing._asdict(), "sk": _sk(pairing.code_hash), "ttl": ttl})

    def find(self, home: str, code_hash: str) -> Pairing | None:
        """The pairing, expired or not."""
        item = self._table.get(home, _sk(code_hash))
        return read(Pairing, item) if item else None

    def use(self, pairing: Pairing, phone: Device, *, manager: bool, now: float) -> None:
        """Raises Conflict."""
        device = {**phone._asdict(), "sk": f"device#{phone.id}"}
        changes = [_used(pairing, now), put(device, "attribute_not_exists(sk)")]
        if manager:
            changes.append(made_manager(phone.home, phone.id))
        self._table.write(changes)

    def renew(self, pairing: Pairing, phone: Device, now: float) -> None:
        """Raises Conflict."""
        renewed = change(
            phone.home,
            f"device#{phone.id}",
            "SET token_hash = :hash",
            "attribute_exists(sk)",
            {":hash": phone.token_hash},
        )
        changes = [_used(pairing, now), renewed]
        if pairing.manager:
            changes.append(made_manager(phone.home, phone.id))
        self._table.write(changes)


def _used(pairing: Pairing, now: float) -> Item:
    return remove(pairing.home, _sk(pairing.code_hash), "expires_at > :now", {":now": now})


def _sk(code_hash: str) -> str:
    return f"pairing#{code_hash}"
