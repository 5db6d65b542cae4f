"""API Gateway: whether a socket is open, and when something last went through it.

Asked for by those who look after all doors, and never on the ring path.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from doorbell.aws.api.endpoints import SOCKETS
from doorbell.aws.api.errors import ServiceError

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client


class ApiGatewayActivity:
    """`doorbell.household.ports.Activity`: GetConnection of the @connections API."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def last_active(self, connection: str) -> float | None:
        """`lastActiveAt` as epoch seconds; None on 410."""
        try:
            path = f"/@connections/{quote(connection, safe='')}"
            said = self._client.send(SOCKETS, "GET", path)
        except ServiceError as error:
            if error.status == 410:
                return None
            raise
        return datetime.fromisoformat(json.loads(said.body)["lastActiveAt"]).timestamp()
