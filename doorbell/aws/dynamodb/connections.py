"""Open sockets in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.table import DAY, Table, only_if, put
from doorbell.aws.dynamodb.values import read
from doorbell.errors import Conflict, DeviceGone
from doorbell.model import Connection

if TYPE_CHECKING:
    from doorbell.model import Role


class ConnectionTable:
    """`doorbell.ports.Connections`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, connection: Connection, token_hash: str) -> None:
        """Raises DeviceGone if the device is revoked by now."""
        # A socket lives two hours at most; TTL sweeps up what `$disconnect` never told.
        expires = int(connection.connected_at) + DAY
        item = {**connection._asdict(), "sk": _sk(connection), "ttl": expires}
        allowed = only_if(
            connection.home,
            f"device#{connection.device}",
            "token_hash = :hash",
            {":hash": token_hash},
        )
        try:
            self._table.write([allowed, put(item)])
        except Conflict:
            raise DeviceGone("This device was revoked.") from None

    def of_both(self, home: str, door: str) -> tuple[list[Connection], list[Connection]]:
        """This door's and the phones': one range, in which doors stand before phones."""
        low, high = f"connection#door#{door}#", "connection#phone#\U0010ffff"
        found = [read(Connection, item) for item in self._table.between(home, low, high)]
        return (
            [each for each in found if each.role == "door" and each.device == door],
            [each for each in found if each.role == "phone"],
        )

    def remove(self, connection: Connection) -> None:
        """Forget it."""
        self._table.delete(connection.home, _sk(connection))

    def of(self, home: str, role: Role, device: str | None = None) -> list[Connection]:
        """The open sockets of a role, or of one device."""
        prefix = f"connection#{role}#" + (f"{device}#" if device else "")
        return [read(Connection, item) for item in self._table.starting(home, prefix)]


def _sk(connection: Connection) -> str:
    return f"connection#{connection.role}#{connection.device}#{connection.id}"
