"""Devices in the table, as a household changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.settings import still_managed_by
from doorbell.aws.dynamodb.table import remove

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.dynamodb.values import Item

KEPT_OF_A_DEVICE = ("device", "push", "presence")
"""The first words of the rows that go with a device, beside a phone's settings."""


class HomeDeviceTable(DeviceTable):
    """`doorbell.household.ports.HomeDevices`."""

    def rename(self, home: str, device: str, name: str) -> None:
        """Raises Conflict if there is no such device."""
        # `name` is a reserved word of DynamoDB.
        self._set(home, device, "name", name)

    def give_to(self, home: str, device: str, resident: str) -> None:
        """Raises Conflict if there is no such device."""
        self._set(home, device, "resident", resident)

    def remove(self, home: str, device: str) -> None:
        """Its token is nobody's from now on, and nothing of it is kept."""
        self._table.write(_removed(home, device))

    def remove_member(self, home: str, device: str) -> None:
        """Raises Conflict if it manages the home."""
        unmanaged = "attribute_not_exists(manager) OR manager = :no"
        self._table.write(_removed(home, device, unmanaged, {":no": False}))

    def remove_manager(self, home: str, device: str, other: str) -> None:
        """Raises Conflict unless `other` manages the home."""
        self._table.write([still_managed_by(home, other), *_removed(home, device)])

    def _set(self, home: str, device: str, field: str, value: str) -> None:
        self._table.update(
            home,
            f"device#{device}",
            "SET #field = :value",
            "attribute_exists(sk)",
            {":value": value},
            names={"#field": field},
        )


def _removed(
    home: str, device: str, condition: str = "", values: Mapping[str, bool] | None = None
) -> list[Item]:
    """Changes for `Table.write`: all of a device goes, if the condition holds of its settings."""
    settings = remove(home, f"phone#{device}", condition, values)
    return [settings, *(remove(home, f"{kind}#{device}") for kind in KEPT_OF_A_DEVICE)]
