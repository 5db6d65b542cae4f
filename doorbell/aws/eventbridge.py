"""EventBridge: the bus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from doorbell.errors import DoorbellError
from doorbell.events import SOURCE

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients
    from doorbell.events import Event


class NotPublished(DoorbellError, ConnectionError):
    """EventBridge did not take an event."""


class EventBridgeBus:
    """`doorbell.ports.Bus`."""

    def __init__(self, clients: Clients, name: str) -> None:
        self._clients = clients
        self._name = name

    def publish(self, event: Event) -> None:
        """PutEvents answers 200 even when it took nothing: so look. Raises NotPublished."""
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(event).__name__,
            "Detail": json.dumps({k: v for k, v in event._asdict().items() if v is not None}),
        }
        answer = self._clients.events.put_events(Entries=[entry])  # type: ignore[list-item]
        if answer["FailedEntryCount"]:
            raise NotPublished(f"{type(event).__name__}: {answer['Entries'][0].get('ErrorCode')}")
