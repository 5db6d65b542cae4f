"""Records of several kinds in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell.aws.dynamodb.passcodes import read_attempts
from doorbell.aws.dynamodb.rings import read_door_state, read_ring
from doorbell.aws.dynamodb.values import Item, read
from doorbell.model import AttemptLog, Device, DoorState, KnownFace, OpenOrder, Ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.aws.dynamodb.table import Table
    from doorbell.model import Key


_READERS: Final[dict[type, tuple[str, Callable[[Item | None], Any]]]] = {
    Device: ("device", lambda item: item and read(Device, item)),
    Ring: ("ring", lambda item: item and read_ring(item)),
    DoorState: ("door", read_door_state),
    AttemptLog: ("keypad", read_attempts),
    OpenOrder: ("open", lambda item: item and read(OpenOrder, item)),
    KnownFace: ("face", lambda item: item and read(KnownFace, item)),
}
"""How each kind stands in the table: the first word of its sort key, and how it is read."""


class RecordTable:
    """`doorbell.ports.Records`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, home: str, *keys: Key) -> tuple[Any, ...]:
        """The records, in order; a request for one is no more than a read of one."""
        sks = [_sk(key) for key in keys]
        items = self._table.get_all(home, sks)
        return tuple(_READERS[key.kind][1](item) for key, item in zip(keys, items, strict=True))


def _sk(key: Key) -> str:
    names = [_READERS[key.kind][0], key.door, key.id]
    return "#".join(name for name in names if name)
