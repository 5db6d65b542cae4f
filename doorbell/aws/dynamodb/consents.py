"""Who said that residents agree, in the table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.values import read
from doorbell.errors import Conflict
from doorbell.household.model import Consent

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


class ConsentTable:
    """`doorbell.household.ports.Consents`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_home(self, home: str) -> dict[str, Consent]:
        """By resident."""
        found = [read(Consent, item) for item in self._table.starting(home, "consent#")]
        return {consent.resident: consent for consent in found}

    def add(self, consent: Consent) -> None:
        """The first one for a resident stays."""
        item = {**consent._asdict(), "sk": f"consent#{consent.resident}"}
        with suppress(Conflict):
            self._table.put(item, "attribute_not_exists(sk)")

    def remove(self, home: str, resident: str) -> None:
        """With the resident."""
        self._table.delete(home, f"consent#{resident}")
