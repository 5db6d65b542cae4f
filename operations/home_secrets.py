"""Secrets of single homes: an operator makes them, so no template does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from operations.stacks import Deployed


def read_secret(stack: Deployed, secret: str) -> str | None:
    """Its text; None if there is none."""
    try:
        found = _secrets(stack).get_secret_value(SecretId=secret)
    except ClientError as error:
        if _is_missing(error):
            return None
        raise
    return str(found["SecretString"])


def write_secret(stack: Deployed, secret: str, text: str) -> None:
    """In place of a former text."""
    secrets = _secrets(stack)
    try:
        secrets.put_secret_value(SecretId=secret, SecretString=text)
    except ClientError as error:
        if not _is_missing(error):
            raise
        secrets.create_secret(Name=secret, SecretString=text)


def delete_secret(stack: Deployed, secret: str) -> None:
    """At once: it cannot be had back."""
    _secrets(stack).delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)


def _is_missing(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "ResourceNotFoundException")


def _secrets(stack: Deployed) -> Any:
    return stack.client_of("secretsmanager")
