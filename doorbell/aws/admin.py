"""Administration from a terminal: devices, and emptying a stack before it is deleted.

    python -m doorbell.aws.admin add door "Front door" --home home --stack doorbell

While `make up` runs, `.local/stack.json` says where the stack is; else it is CloudFormation's.
Needs boto3, and is packed into no function.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import boto3
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from doorbell.access import Role, new_device
from doorbell.aws.clients import Clients
from doorbell.aws.devices import ConnectionTable, DeviceTable
from doorbell.aws.table import Table
from doorbell.aws.world import ApiGatewaySockets
from doorbell.errors import BadName, Conflict, DoorbellError
from doorbell.homes import check_id, collection_id, id_from_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorbell.ports import Connection

STACK_FILE = Path(".local/stack.json")


class Deployed(NamedTuple):
    """A deployed stack, wherever it is."""

    clients: Clients
    session: boto3.Session
    endpoint: str | None
    table: str
    bucket: str
    websocket: str
    home: str
    """The default home."""


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
    clients = Clients(sockets_at=socket.replace("wss://", "https://", 1))
    return Deployed(
        clients,
        session,
        None,
        outputs["Table"],
        outputs["Bucket"],
        socket,
        outputs["DefaultHome"],
    )


def deployed_at(stack: dict[str, Any]) -> Deployed:
    """The stack that a `stack.json` describes."""
    session = boto3.Session(
        aws_access_key_id=stack["access_key"],
        aws_secret_access_key=stack["secret_key"],
        region_name=stack["region"],
    )
    clients = Clients(
        endpoint=stack["endpoint"],
        sockets_at=stack["websocket"].replace("ws://", "http://", 1),
        region=stack["region"],
        credentials=(stack["access_key"], stack["secret_key"]),
    )
    return Deployed(
        clients,
        session,
        stack["endpoint"],
        stack["table"],
        stack["bucket"],
        stack["websocket"],
        stack["home"],
    )


def add_device(stack: Deployed, role: Role, name: str, home: str, resident: str | None) -> str:
    """Add a device; its token, which is kept nowhere. Raises BadName, Conflict."""
    device, token = new_device(home, role, name, resident)
    try:
        DeviceTable(Table(stack.clients, stack.table)).add(device)
    except Conflict:
        raise Conflict(f"{home} has a device named {device.id} already.") from None
    return str(token)


def revoke(stack: Deployed, name: str, home: str) -> int:
    """Make a device's token nobody's and close its sockets; how many were open.

    Raises BadName, NoStack if the home has no such device.
    """
    table = Table(stack.clients, stack.table)
    devices, connections = DeviceTable(table), ConnectionTable(table)
    device = id_from_name(name)
    known = devices.find(check_id(home, "home"), device)
    open_ones = [c for role in get_args(Role) for c in connections.of(home, role, device)]
    if known is None and not open_ones:
        others = ", ".join(d.id for d in devices.all(home)) or "none"
        raise NoStack(f"{home} has no device named {name}; it has: {others}.")
    devices.remove(home, device)
    # The rows before the sockets: a socket without a row is told nothing any more, and its next
    # message closes it, even if it cannot be closed now.
    for connection in open_ones:
        connections.remove(connection)
    _hang_up(stack, open_ones)
    return len(open_ones)


def _hang_up(stack: Deployed, open_ones: list[Connection]) -> None:
    """Close all that can be closed; raises the first trouble with one, after the last."""
    sockets = ApiGatewaySockets(stack.clients)
    trouble: list[ClientError] = []
    for connection in open_ones:
        try:
            sockets.close(connection.id)
        except ClientError as error:
            trouble.append(error)
    if trouble:
        raise trouble[0]


def empty(stack: Deployed, name: str) -> None:
    """Delete what CloudFormation will not: all photos, and the collections of faces."""
    s3 = stack.session.resource("s3", endpoint_url=stack.endpoint)
    s3.Bucket(stack.bucket).objects.all().delete()
    rekognition = stack.session.client("rekognition", endpoint_url=stack.endpoint)
    for home in _homes(stack):
        try:
            rekognition.delete_collection(CollectionId=collection_id(name, home))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise


def _homes(stack: Deployed) -> set[str]:
    """All homes of the table. `doorbell-test-home` may be a collection of another stack."""
    pages = stack.clients.dynamodb.get_paginator("scan").paginate(
        TableName=stack.table, ProjectionExpression="home"
    )
    return {item["home"]["S"] for page in pages for item in page["Items"]}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; what it must tell a person goes to standard error, the token alone to output."""
    given = _parser().parse_args(arguments)
    try:
        # What deletes never mistakes the stack on this machine for the one on AWS.
        stack = find_on_aws(given.stack) if given.verb == "empty" else find_stack(given.stack)
        print(f"Stack: {stack.websocket}", file=sys.stderr)
        _do(given, stack)
    except EndpointConnectionError as error:
        hint = f" If `make up` does not run, delete {STACK_FILE}." if STACK_FILE.exists() else ""
        print(f"doorbell: {error}{hint}", file=sys.stderr)
        return 1
    except (DoorbellError, ClientError, BotoCoreError) as error:
        print(f"doorbell: {error}", file=sys.stderr)
        return 1
    return 0


def _do(given: argparse.Namespace, stack: Deployed) -> None:
    home = getattr(given, "home", "") or stack.home
    match given.verb:
        case "add" | "revoke" if not given.name.strip():
            raise BadName("Say which device: NAME=…")
        case "add":
            token = add_device(stack, given.role, given.name, home, given.resident)
            print("The token, shown this once:", file=sys.stderr)
            print(token)
        case "revoke":
            closed = revoke(stack, given.name, home)
            print(f"Revoked; {closed} open sockets closed.", file=sys.stderr)
        case "empty":
            empty(stack, given.stack)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="doorbell-admin", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="add a device and print its token")
    add.add_argument("role", choices=get_args(Role))
    add.add_argument("name")
    add.add_argument("--resident", default="", help="whose phone it is; empty: the household's")
    gone = verbs.add_parser("revoke", help="revoke a device and close its sockets")
    gone.add_argument("name")
    for verb in (add, gone):
        verb.add_argument("--home", default="", help="empty: the stack's default home")
    emptied = verbs.add_parser("empty", help="delete all photos and faces of a stack")
    for verb in (add, gone, emptied):
        verb.add_argument("--stack", default="doorbell")
    return parser


if __name__ == "__main__":
    sys.exit(main())
