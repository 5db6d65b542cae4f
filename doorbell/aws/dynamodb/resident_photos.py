"""Residents' photos in the table, as the phones see them; enrolment writes them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from doorbell.household.model import ResidentPhotoRow

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


class ResidentPhotoTable:
    """`doorbell.household.ports.ResidentPhotos`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def photos(self, home: str) -> list[ResidentPhotoRow]:
        """All that are there; `source.jpeg` at the bucket's root is the operator's own matter."""
        rows = self._table.starting(home, f"object#residents/{home}/")
        return [
            ResidentPhotoRow(row["sk"].removeprefix("object#"), row.get("failure"))
            for row in rows
            if not row["deleted"]
        ]

    def faces(self, home: str) -> dict[str, int]:
        """By how many faces each resident is known."""
        return Counter(item["resident"] for item in self._table.starting(home, "face#"))
