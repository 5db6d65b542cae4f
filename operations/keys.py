"""The two keys of a deployment: what codes are hashed with, and what notices are signed with.

CloudFormation can make no encrypted parameter, so an operator's command does: `make deploy`, and
every `make add-…`, for nothing rings in a stack without a device.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from operations.stacks import Deployed

    Clients: TypeAlias = Callable[[str], Any]
    """Gives boto3's client of a service: `session.client`."""

KEYS: Final = {
    "code-key": "What codes are hashed with.",
    "push-key": "What push services know this deployment by (VAPID).",
}
FORMER: Final = {"code-key": "CodeKey", "push-key": "PushKey"}
"""The secrets that held them before, by their logical ids in the stack."""
KEY_BYTES: Final = 48


def key_name(stack: str, key: str) -> str:
    """What a key's parameter is called, as template.yaml says it to the functions."""
    return f"/doorbell/{stack}/{key}"


def make_keys(clients: Clients, stack: str) -> int:
    """Make those that are missing; how many. One that is there is never changed.

    Of two that make one at once, AWS takes the first. A stack that has kept its keys as secrets
    keeps their values; call before it is updated, for an update deletes the secrets.
    """
    parameters = clients("ssm")
    missing = [key for key in KEYS if not _is_there(parameters, key_name(stack, key))]
    return sum(
        _make(parameters, key_name(stack, key), KEYS[key], _former(clients, stack, FORMER[key]))
        for key in missing
    )


def ensure_keys(stack: Deployed) -> int:
    """The same for a stack that stands on AWS. One machine's has its keys since it is up."""
    push_key = stack.outputs.get("PushKey")
    return make_keys(stack.client_of, push_key.split("/")[2]) if push_key else 0


def read_key(stack: Deployed, name: str) -> bytes:
    """The key in this parameter. Raises botocore's ClientError."""
    parameters = stack.client_of("ssm")
    found = parameters.get_parameter(Name=name, WithDecryption=True)
    return str(found["Parameter"]["Value"]).encode()


def _is_there(parameters: Any, name: str) -> bool:
    try:
        parameters.get_parameter(Name=name)
    except ClientError as error:
        if _code(error) != "ParameterNotFound":
            raise
        return False
    return True


def _make(parameters: Any, name: str, told: str, former: str | None) -> bool:
    try:
        parameters.put_parameter(
            Name=name,
            Description=told,
            Value=former or secrets.token_urlsafe(KEY_BYTES),
            Type="SecureString",
            Tier="Standard",
            Overwrite=False,
        )
    except ClientError as error:
        if _code(error) != "ParameterAlreadyExists":
            raise
        return False
    return True


def _former(clients: Clients, stack: str, logical_id: str) -> str | None:
    """What the secret holds that this stack has there, if it has one."""
    try:
        found = clients("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId=logical_id
        )["StackResourceDetail"]
    except ClientError as error:
        if _code(error) != "ValidationError":
            raise
        return None  # no such stack, or nothing of that name in it
    if found["ResourceType"] != "AWS::SecretsManager::Secret":
        return None
    if found["ResourceStatus"] == "DELETE_COMPLETE":
        return None
    secret = clients("secretsmanager").get_secret_value(SecretId=found["PhysicalResourceId"])
    return str(secret["SecretString"])


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
