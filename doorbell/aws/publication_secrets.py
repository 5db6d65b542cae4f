"""Secrets Manager: what a home publishes, a secret for each home that publishes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import SECRETS
from doorbell.aws.api.errors import ServiceError
from doorbell.publishing.records import read_publications

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client
    from doorbell.publishing.model import Publication


class HomePublications:
    """`doorbell.publishing.ports.PublicationSecrets`. Nothing is remembered: what an operator stops
    is stopped with the next film, and films are few.
    """

    def __init__(self, client: Client, prefix: str) -> None:
        """`prefix` is the stack's name."""
        self._client = client
        self._prefix = prefix

    def of_home(self, home: str) -> list[Publication]:
        """GetSecretValue. Raises ServiceError, SettingsError."""
        asked = {"SecretId": secret_name(self._prefix, home)}
        try:
            found = self._client.call(SECRETS, "GetSecretValue", asked)
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return []
            raise
        return read_publications(found["SecretString"])


def secret_name(prefix: str, home: str) -> str:
    """How the secret of a home is called; `prefix` is the stack's name."""
    return f"{prefix}/publishing/{home}"
