"""API Gateway: posting to open sockets (@connections)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from doorbell.aws.api.endpoints import SOCKETS
from doorbell.aws.api.errors import ServiceError
from doorbell.errors import ConnectionGone

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client


class ApiGatewaySockets:
    """`doorbell.ports.Sockets`: @connections."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def post(self, connection: str, frame: str, within: float | None = None) -> None:
        """Send a frame. Raises ConnectionGone on 410."""
        try:
            self._client.send(SOCKETS, "POST", _path(connection), frame.encode(), within=within)
        except ServiceError as error:
            if error.status == 410:
                raise ConnectionGone("Nobody is at the other end.") from None
            raise

    def close(self, connection: str) -> None:
        """Hang up."""
        try:
            self._client.send(SOCKETS, "DELETE", _path(connection))
        except ServiceError as error:
            if error.status != 410:
                raise


def _path(connection: str) -> str:
    return f"/@connections/{quote(connection, safe='')}"
