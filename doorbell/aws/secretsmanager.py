"""Secrets Manager: the keys of a deployment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import SECRETS

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client


class SecretText:
    """A secret of the deployment: read once, when it is first needed."""

    def __init__(self, client: Client, secret: str) -> None:
        self._client = client
        self._secret = secret

    @cached_property
    def _value(self) -> bytes:
        found = self._client.call(SECRETS, "GetSecretValue", {"SecretId": self._secret})
        return str(found["SecretString"]).encode()

    def __call__(self) -> bytes:
        """Its bytes."""
        return self._value
