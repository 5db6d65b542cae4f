"""Devices and their sockets in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.values import read
from doorbell.model import Device

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


class DeviceTable:
    """`doorbell.ports.Devices`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None."""
        item = self._table.get(home, f"device#{device}")
        return read(Device, item) if item else None

    def all(self, home: str) -> list[Device]:
        """All devices of a home."""
        return [read(Device, item) for item in self._table.starting(home, "device#")]

    def add(self, device: Device) -> None:
        """Raises Conflict if there is one of this id."""
        item = {**device._asdict(), "sk": f"device#{device.id}"}
        self._table.put(item, "attribute_not_exists(sk)")

    def remove(self, home: str, device: str) -> None:
        """Its token is nobody's from now on."""
        self._table.delete(home, f"device#{device}")
