"""API Gateway: posting to open sockets (@connections)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.errors import ConnectionGone

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients


class ApiGatewaySockets:
    """`doorbell.ports.Sockets`: @connections."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def post(self, connection: str, frame: str) -> None:
        """Send a frame. Raises ConnectionGone on 410."""
        try:
            self._clients.sockets.post_to_connection(ConnectionId=connection, Data=frame.encode())
        except ClientError as error:
            if _status(error) == 410:
                raise ConnectionGone("Nobody is at the other end.") from None
            raise

    def close(self, connection: str) -> None:
        """Hang up."""
        try:
            self._clients.sockets.delete_connection(ConnectionId=connection)
        except ClientError as error:
            if _status(error) != 410:
                raise


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
