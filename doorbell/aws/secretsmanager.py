"""Secrets Manager: the secrets of single homes, which an operator's command makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import SECRETS
from doorbell.aws.api.errors import ServiceError

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client


def read_secret(client: Client, secret: str) -> str | None:
    """GetSecretValue: its text; None if there is none. Raises ServiceError."""
    try:
        found = client.call(SECRETS, "GetSecretValue", {"SecretId": secret})
    except ServiceError as error:
        if error.code == "ResourceNotFoundException":
            return None
        raise
    return str(found["SecretString"])
