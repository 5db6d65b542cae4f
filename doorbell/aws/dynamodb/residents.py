"""Residents and their faces: the table knows whose, Rekognition knows how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


class ResidentTable:
    """`doorbell.ports.Residents`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_face(self, home: str, face: str) -> str | None:
        """The resident with this face."""
        item = self._table.get(home, f"face#{face}")
        return item["resident"] if item else None

    def faces_in(self, home: str, key: str) -> list[str]:
        """The faces that the photo gave."""
        items = self._table.starting(home, f"photo#{key}#")
        # A key may hold a `#` itself: `a.jpeg#b.jpeg` is not of `a.jpeg`.
        return [item["face"] for item in items if item["sk"] == f"photo#{key}#{item['face']}"]

    def add_face(self, home: str, resident: str, face: str, key: str) -> None:
        """The photo gave this face of this resident. The photo's row first: it leads to the face
        when the photo is deleted.
        """
        seen = {"home": home, "resident": resident, "face": face}
        self._table.put(seen | {"sk": f"photo#{key}#{face}"})
        self._table.put(seen | {"sk": f"face#{face}"})

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
