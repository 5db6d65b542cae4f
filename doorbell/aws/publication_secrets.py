"""Secrets Manager: what a home publishes, a secret for each home that publishes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.secretsmanager import read_secret
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
        """All of them; none where there is no secret. Raises ServiceError, SettingsError."""
        text = read_secret(self._client, secret_name(self._prefix, home))
        return [] if text is None else read_publications(text)


def secret_name(prefix: str, home: str) -> str:
    """How the secret of a home is called; `prefix` is the stack's name."""
    return f"{prefix}/publishing/{home}"
