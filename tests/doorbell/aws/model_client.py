"""The table of `proof/model`, behind the client that the ports speak through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.aws.api.client import Client
from proof.model.table import Rows, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.endpoints import Service


class ModelClient(Client):
    """Answers as the model's world does."""

    def __init__(self) -> None:
        self._rows: Rows = ()

    def call(self, service: Service, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ServiceError."""
        table = Table(self._rows)
        said = table.answer(operation, dict(given))
        self._rows = table.rows
        return said
