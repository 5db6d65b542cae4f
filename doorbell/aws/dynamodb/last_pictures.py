"""The last picture of each camera, in the table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.values import read
from doorbell.errors import Conflict
from doorbell.household.model import LastPicture

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


class LastPictureTable:
    """`doorbell.household.ports.LastPictures`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_home(self, home: str) -> dict[str, LastPicture]:
        """By camera."""
        found = (read(LastPicture, item) for item in self._table.starting(home, "picture#"))
        return {each.camera: each for each in found}

    def came(self, picture: LastPicture, keep_until: float) -> None:
        """Events come in any order: only a later picture replaces one."""
        item = {**picture._asdict(), "sk": f"picture#{picture.camera}", "ttl": int(keep_until)}
        with suppress(Conflict):
            self._table.put(
                item, "attribute_not_exists(sk) OR came_at < :at", {":at": picture.came_at}
            )
