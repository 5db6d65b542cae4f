"""Which deployed stack an operator's command means, and how to reach it.

While `make up` runs, `.local/stack.json` says where the stack is; else it is CloudFormation's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from doorbell.aws.api.client import Client
from doorbell.aws.api.errors import NoCredentials
from doorbell.aws.api.signature import Credentials
from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Mapping

STACK_FILE = Path(".local/stack.json")


class Deployed(NamedTuple):
    """A deployed stack, wherever it is."""

    client: Client
    session: boto3.Session
    endpoint: str | None
    table: str
    bucket: str
    websocket: str
    home: str
    """The default home."""
    phone: str = ""
    """Where the phones' app is."""
    outputs: Mapping[str, str] = {}
    """What else the template says of a stack on AWS."""
    recipient: str = ""
    """Where cameras send to."""

    def client_of(self, service: str) -> Any:
        """Boto3's client of a service."""
        # One of the services that boto3 knows: its stubs have a signature for each.
        return self.session.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def put(self, key: str, photo: bytes) -> None:
        """Put a JPEG into the bucket."""
        s3 = self.session.client("s3", endpoint_url=self.endpoint)
        s3.put_object(Bucket=self.bucket, Key=key, Body=photo, ContentType="image/jpeg")


class NoStack(DoorbellError, LookupError):
    """There is no such stack, or AWS was not reached."""


def find_stack(name: str, stack_file: Path = STACK_FILE) -> Deployed:
    """The stack on this machine if it is up, else the one of that name on AWS. Raises NoStack."""
    if stack_file.exists():
        return deployed_at(json.loads(stack_file.read_text("utf-8")))
    return find_on_aws(name)


def find_on_aws(name: str) -> Deployed:
    """The stack of that name in the account and region that boto3 is set to. Raises NoStack."""
    session = boto3.Session()
    try:
        stacks = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except (ClientError, BotoCoreError) as error:
        raise NoStack(f"The stack {name} was not found: {error}") from None
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks[0].get("Outputs", [])}
    socket = outputs["WebSocket"]
    return Deployed(
        _client(session, None, socket),
        session,
        None,
        outputs["Table"],
        outputs["Bucket"],
        socket,
        outputs["DefaultHome"],
        outputs.get("Phone", ""),
        outputs,
        outputs.get("Recipient", ""),
    )


def outputs_of(stack: Deployed) -> Mapping[str, str]:
    """The stack's outputs; on this machine it is the stack with the same bucket."""
    if stack.outputs:
        return stack.outputs
    cloudformation = stack.session.client("cloudformation", endpoint_url=stack.endpoint)
    for each in cloudformation.describe_stacks()["Stacks"]:
        outputs = {o["OutputKey"]: o["OutputValue"] for o in each.get("Outputs", [])}
        if outputs.get("Bucket") == stack.bucket:
            return outputs
    raise NoStack("The stack on this machine is gone.")


def deployed_at(stack: dict[str, Any]) -> Deployed:
    """The stack that a `stack.json` describes."""
    session = boto3.Session(
        aws_access_key_id=stack["access_key"],
        aws_secret_access_key=stack["secret_key"],
        region_name=stack["region"],
    )
    return Deployed(
        _client(session, stack["endpoint"], stack["websocket"]),
        session,
        stack["endpoint"],
        stack["table"],
        stack["bucket"],
        stack["websocket"],
        stack["home"],
        stack.get("phone") or "",
        recipient=stack.get("cameras") or "",
    )


def _client(session: boto3.Session, endpoint: str | None, websocket: str) -> Client:
    """The functions' own client, with the region and the credentials that boto3 has found."""
    environment = {
        "AWS_REGION": session.region_name or "",
        "AWS_ENDPOINT_URL": endpoint or "",
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": websocket.replace("ws", "http", 1),
    }

    def credentials() -> Credentials:
        found = session.get_credentials()
        if found is None:
            raise NoCredentials("boto3 found no credentials.")
        frozen = found.get_frozen_credentials()
        return Credentials(frozen.access_key or "", frozen.secret_key or "", frozen.token or "")

    return Client(environment, credentials)
