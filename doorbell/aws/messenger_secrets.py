"""Secrets Manager: which messengers a home has, a secret for each home that has any."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

from doorbell.aws.secretsmanager import read_secret
from doorbell.push.model import Messenger

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.aws.api.client import Client

KEPT_SECONDS: Final = 60.0
"""So long an environment trusts what it has read: a change shows within a minute."""


class HomeSecrets:
    """`doorbell.push.ports.MessengerSecrets`."""

    def __init__(
        self, client: Client, prefix: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._clock = clock
        self._kept: dict[str, tuple[float, list[Messenger]]] = {}

    def of_home(self, home: str) -> list[Messenger]:
        """GetSecretValue, at most once a minute. Raises ServiceError."""
        kept = self._kept.get(home)
        if kept is None or self._clock() - kept[0] > KEPT_SECONDS:
            kept = self._kept[home] = self._clock(), self._read(home)
        return kept[1]

    def _read(self, home: str) -> list[Messenger]:
        text = read_secret(self._client, secret_name(self._prefix, home))
        return [] if text is None else read_messengers(text)


def secret_name(prefix: str, home: str) -> str:
    """How the secret of a home is called; `prefix` is the stack's name."""
    return f"{prefix}/messengers/{home}"


def read_messengers(text: str) -> list[Messenger]:
    """What stands in a secret: `{"messengers": [{"url": …, "with_codes": false}]}`."""
    listed = json.loads(text).get("messengers", [])
    return [Messenger(each["url"], each.get("with_codes") is True) for each in listed]


def write_messengers(messengers: list[Messenger]) -> str:
    """The same, to be kept."""
    return json.dumps({"messengers": [each._asdict() for each in messengers]})
