"""The two keys of a deployment: what codes are hashed with, and what notices are signed with.

CloudFormation can make no encrypted parameter, so an operator's command does: `make deploy`, and
every `make add-…`, for nothing rings in a stack without a device.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from operations.stacks import Deployed

KEYS: Final = {
    "code-key": "What codes are hashed with.",
    "push-key": "What push services know this deployment by (VAPID).",
}
KEY_BYTES: Final = 48


def key_name(stack: str, key: str) -> str:
    """What a key's parameter is called, as template.yaml says it to the functions."""
    return f"/doorbell/{stack}/{key}"


def make_keys(stack: Deployed, name: str) -> int:
    """Make those that are missing; how many. One that is there is never changed.

    Of two that make one at once, AWS takes the first: nobody reads a key and then writes it.
    """
    return sum(_make(_parameters(stack), key_name(name, key), told) for key, told in KEYS.items())


def read_key(stack: Deployed, name: str) -> bytes:
    """The key in this parameter. Raises botocore's ClientError."""
    found = _parameters(stack).get_parameter(Name=name, WithDecryption=True)
    return str(found["Parameter"]["Value"]).encode()


def _make(parameters: Any, name: str, told: str) -> bool:
    try:
        parameters.put_parameter(
            Name=name,
            Description=told,
            Value=secrets.token_urlsafe(KEY_BYTES),
            Type="SecureString",
            Tier="Standard",
            Overwrite=False,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise
        return False
    return True


def _parameters(stack: Deployed) -> Any:
    return stack.session.client("ssm", endpoint_url=stack.endpoint)
