"""Secrets Manager: the key that codes are hashed with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients


class CodeKey:
    """The key that codes are hashed with: read from Secrets Manager once, when first needed."""

    def __init__(self, clients: Clients, secret: str) -> None:
        self._clients = clients
        self._secret = secret

    @cached_property
    def _value(self) -> bytes:
        return self._clients.secrets.get_secret_value(SecretId=self._secret)[
            "SecretString"
        ].encode()

    def __call__(self) -> bytes:
        """The key."""
        return self._value
