"""Devices in the table, as receiving sees them."""

from __future__ import annotations

from doorbell.aws.dynamodb.devices import DeviceTable


class CameraTable(DeviceTable):
    """`doorbell.cameras.ports.Cameras`."""

    def went_plain(self, home: str, device: str) -> bool:
        """Whether its token was ever carried without TLS."""
        return bool((self._table.get(home, f"device#{device}") or {}).get("plain"))

    def mark_plain(self, home: str, device: str) -> None:
        """For good: a token cannot be taken back. Raises Conflict if there is no such device."""
        self._table.update(
            home, f"device#{device}", "SET plain = :yes", "attribute_exists(sk)", {":yes": True}
        )
