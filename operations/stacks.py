"""Which deployed stack an operator's command means, and how to reach it.

While `make up` runs, `.local/stack.json` says where the stack is; else it is CloudFormation's.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from doorbell.aws.api.client import Client
from doorbell.aws.api.errors import NoCredentials
from doorbell.aws.api.signature import Credentials
from doorbell.aws.dynamodb.table import TableNames as TableNames
from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from operations.answers import Answers

STACK_FILE = Path(".local/stack.json")


class Deployed(NamedTuple):
    """A deployed stack, wherever it is."""

    client: Client
    session: boto3.Session
    endpoint: str | None
    table: TableNames
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
        self.client_of("s3").put_object(
            Bucket=self.bucket, Key=key, Body=photo, ContentType="image/jpeg"
        )


class NoStack(DoorbellError, LookupError):
    """There is no such stack, or AWS was not reached."""


def find_stack(which: Answers, stack_file: Path = STACK_FILE) -> Deployed:
    """The stack on this machine if it is up and no other was named, else the one on AWS.

    Raises NoStack.
    """
    if is_here(which, stack_file):
        return deployed_at(json.loads(stack_file.read_text("utf-8")))
    return find_on_aws(which)


def is_here(which: Answers, stack_file: Path = STACK_FILE) -> bool:
    """Whether the stack on this machine is meant: `make up` runs, and nobody named another."""
    return which.is_anybodys and stack_file.exists()


def session_of(which: Answers) -> boto3.Session:
    """boto3 in the region and with the profile that were said, else those it is set to.

    Raises NoStack for a profile that there is not.
    """
    # The AWS CLI reads AWS_REGION, boto3 does not.
    region = which.region or os.environ.get("AWS_REGION") or None
    try:
        return boto3.Session(profile_name=which.profile or None, region_name=region)
    except ProfileNotFound as error:
        raise NoStack(f"{error}.") from None


def find_on_aws(which: Answers) -> Deployed:
    """The stack of that name, region and profile. Raises NoStack."""
    session = session_of(which)
    try:
        found = session.client("cloudformation").describe_stacks(StackName=which.stack)["Stacks"]
    except (ClientError, BotoCoreError) as error:
        raise NoStack(f"The stack {which.stack} was not found: {error}") from None
    outputs = outputs_in(found[0])
    if "WebSocket" not in outputs:
        raise NoStack(f"The stack {which.stack} is not whole ({found[0]['StackStatus']}).")
    # AWS on one machine speaks no TLS; the template can only put a path behind its address.
    socket = outputs["WebSocket"].replace("http://", "ws://", 1)
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or None
    return Deployed(
        _client(session, endpoint, socket),
        session,
        endpoint,
        tables_of(outputs),
        outputs["Bucket"],
        socket,
        outputs["DefaultHome"],
        outputs.get("Phone", ""),
        outputs,
        outputs.get("Recipient", ""),
    )


def outputs_in(described: Mapping[str, Any]) -> dict[str, str]:
    """By their names, of what DescribeStacks says of one stack."""
    return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}


def outputs_of(stack: Deployed) -> Mapping[str, str]:
    """The stack's outputs; on this machine it is the stack with the same bucket."""
    if stack.outputs:
        return stack.outputs
    cloudformation = stack.client_of("cloudformation")
    for each in cloudformation.describe_stacks()["Stacks"]:
        outputs = outputs_in(each)
        if outputs.get("Bucket") == stack.bucket:
            return outputs
    raise NoStack("The stack on this machine is gone.")


def tables_of(outputs: Mapping[str, str]) -> TableNames:
    """Of a stack of before, both are its one table (operations/arrange.py)."""
    return TableNames(outputs["Table"], outputs.get("HouseholdTable", outputs["Table"]))


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
        TableNames(stack["table"], stack["household_table"]),
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
