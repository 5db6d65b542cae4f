"""Systems Manager: the keys of a deployment, as encrypted parameters (docs/decisions/keys.md)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import PARAMETERS

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client


class SecretText:
    """A key of the deployment: read once, when it is first needed.

    Functions may read it and cannot make it: an operator's command does, once.
    """

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    @cached_property
    def _value(self) -> bytes:
        asked = {"Name": self._name, "WithDecryption": True}
        found = self._client.call(PARAMETERS, "GetParameter", asked)
        return str(found["Parameter"]["Value"]).encode()

    def __call__(self) -> bytes:
        """Its bytes."""
        return self._value
