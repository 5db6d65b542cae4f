"""Secrets Manager: the key that codes are hashed with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import SECRETS

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client


class CodeKey:
    """The key that codes are hashed with: read from Secrets Manager once, when first needed."""

    def __init__(self, client: Client, secret: str) -> None:
        self._client = client
        self._secret = secret

    @cached_property
    def _value(self) -> bytes:
        found = self._client.call(SECRETS, "GetSecretValue", {"SecretId": self._secret})
        return str(found["SecretString"]).encode()

    def __call__(self) -> bytes:
        """The key."""
        return self._value
