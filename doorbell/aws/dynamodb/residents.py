"""Residents and their faces: the table knows whose, Rekognition knows how they look."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from doorbell.aws.dynamodb.table import DAY, only_if, put
from doorbell.errors import Conflict

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.model import ResidentPhoto
    from doorbell.protocol import EnrolmentFailure


TOMBSTONE_LIFE: Final = 2 * DAY
"""Seconds, and no longer: the photo's key has a name in it. EventBridge gives an event up after a
day, and Lambda after six hours more."""


class ResidentTable:
    """`doorbell.ports.Residents`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def faces_in(self, home: str, key: str) -> list[str]:
        """The faces that the photo gave."""
        items = self._table.starting(home, f"photo#{key}#")
        # A key may hold a `#` itself: `a.jpeg#b.jpeg` is not of `a.jpeg`.
        return [item["face"] for item in items if item["sk"] == f"photo#{key}#{item['face']}"]

    def photo_came(self, photo: ResidentPhoto) -> None:
        """Raises Conflict if something newer has happened to this photo."""
        self._happened(photo, deleted=False)

    def photo_went(self, photo: ResidentPhoto) -> None:
        """Leave a tombstone: an older event must not enrol this photo afterwards."""
        self._happened(photo, deleted=True)

    def add_face(self, photo: ResidentPhoto, face: str) -> None:
        """The photo gave this face. Raises Conflict if something newer has happened to it."""
        seen = {"home": photo.home, "resident": photo.resident, "face": face}
        unchanged = only_if(
            photo.home,
            _object(photo.key),
            "happened = :now AND deleted = :no",
            {":now": photo.in_order, ":no": False},
        )
        rows = [put(seen | {"sk": f"photo#{photo.key}#{face}"}), put(seen | {"sk": f"face#{face}"})]
        self._table.write([unchanged, *rows])

    def refused(self, photo: ResidentPhoto, reason: EnrolmentFailure) -> None:
        """Kept beside what happened to the photo, for the phones to show."""
        with suppress(Conflict):
            self._table.update(
                photo.home,
                _object(photo.key),
                "SET failure = :reason",
                "happened = :now AND deleted = :no",
                {":reason": reason, ":now": photo.in_order, ":no": False},
            )

    def disown(self, home: str, face: str) -> None:
        """It is nobody's from now on."""
        self._table.delete(home, f"face#{face}")

    def forget(self, home: str, key: str, face: str) -> None:
        """The photo gave no such face."""
        self._table.delete(home, f"photo#{key}#{face}")

    def count_faces(self, home: str, resident: str) -> int:
        """By how many faces the resident is known."""
        faces = self._table.starting(home, "face#")
        return sum(item["resident"] == resident for item in faces)

    def _happened(self, photo: ResidentPhoto, *, deleted: bool) -> None:
        item = {
            "home": photo.home,
            "sk": _object(photo.key),
            "happened": photo.in_order,
            "deleted": deleted,
            "ttl": int(time.time()) + TOMBSTONE_LIFE if deleted else None,
        }
        newest = "attribute_not_exists(sk) OR happened <= :now"
        self._table.put(item, newest, {":now": photo.in_order})


def _object(key: str) -> str:
    return f"object#{key}"
