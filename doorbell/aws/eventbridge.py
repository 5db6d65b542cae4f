"""EventBridge: the bus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import EVENTS
from doorbell.errors import DoorbellError
from doorbell.events import SOURCE

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client
    from doorbell.events import Event


class NotPublished(DoorbellError, ConnectionError):
    """EventBridge did not take an event."""


class EventBridgeBus:
    """`doorbell.ports.Bus`."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def publish(self, event: Event) -> None:
        """PutEvents answers 200 even when it took nothing: so look. Raises NotPublished."""
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(event).__name__,
            "Detail": json.dumps({k: v for k, v in event._asdict().items() if v is not None}),
        }
        answer = self._client.call(EVENTS, "PutEvents", {"Entries": [entry]})
        if answer["FailedEntryCount"]:
            raise NotPublished(f"{type(event).__name__}: {answer['Entries'][0].get('ErrorCode')}")
