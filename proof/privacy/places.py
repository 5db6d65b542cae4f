"""Every place of a stack that can keep anything, and all that stands in it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

from operations.log_lines import groups_below, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from local.stack import Stack


ESCAPED: Final = re.compile(r"\\+u([0-9a-fA-F]{4})")
"""A letter in JSON, or in JSON within JSON."""


DOORS: Final = "doors' last presses"
"""Rows that say which ring was the last of a door, and when it rang within the hour."""


class Kept(NamedTuple):
    """One thing that is kept: an object, a row, a message, an execution …"""

    place: str
    """What kind of place it is in."""
    name: str
    """Which one it is."""
    content: bytes


class World(NamedTuple):
    """What is looked through: a stack, and the folders of its doors."""

    stack: Stack
    since: float
    """Epoch seconds: log lines and executions of before are of others who share the stack."""
    folders: tuple[Path, ...] = ()


def everything(world: World) -> list[Kept]:
    """All of it, once."""
    return [kept for look in LOOKS for kept in look(world)]


def _objects(world: World) -> Iterator[Kept]:
    s3 = world.stack.aws.client("s3")
    for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
        for each in _all(s3, "list_objects_v2", "Contents", Bucket=bucket):
            # A film may be replaced, or a segment of it removed, between both requests.
            with suppress(ClientError):
                found = s3.get_object(Bucket=bucket, Key=each["Key"])
                about = json.dumps([each["Key"], found.get("Metadata")], ensure_ascii=False)
                yield Kept("objects", each["Key"], about.encode() + found["Body"].read())
        for half in _all(s3, "list_multipart_uploads", "Uploads", Bucket=bucket):
            yield _kept("half uploads", half["Key"], half)


def _rows(world: World) -> Iterator[Kept]:
    dynamodb = world.stack.aws.client("dynamodb")
    for table in _all(dynamodb, "list_tables", "TableNames"):
        for item in _all(dynamodb, "scan", "Items", TableName=table):
            name = " ".join(each.get("S", "") for each in _key(item))
            yield _kept(DOORS if " door#" in name else "rows", name, item)


def _key(item: dict[str, Any]) -> list[dict[str, str]]:
    return [item[name] for name in ("home", "sk") if name in item]


def _faces(world: World) -> Iterator[Kept]:
    rekognition = world.stack.aws.client("rekognition")
    for collection in _all(rekognition, "list_collections", "CollectionIds"):
        yield _kept("collections", collection, collection)
        for face in _all(rekognition, "list_faces", "Faces", CollectionId=collection):
            yield _kept("faces", face["FaceId"], face)


def _logs(world: World) -> Iterator[Kept]:
    logs = world.stack.aws.client("logs")
    for group in groups_below(logs):
        yield _kept("log groups", group, group)
        for line in lines_of(logs, group, int(world.since * 1000)):
            yield _kept("log lines", f"{group}/{line['logStreamName']}", line["message"])


def _messages(world: World) -> Iterator[Kept]:
    """Queues of this stack: a message that is looked at is hidden from others for a moment."""
    sqs = world.stack.aws.client("sqs")
    queue = world.stack.outputs["Lost"]
    seen = []
    while found := sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=30
    ).get("Messages"):
        seen += found
    for each in seen:
        sqs.change_message_visibility(
            QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"], VisibilityTimeout=0
        )
        yield _kept("messages of the queue", each["MessageId"], each["Body"])


def _secrets(world: World) -> Iterator[Kept]:
    secrets = world.stack.aws.client("secretsmanager")
    for each in _all(secrets, "list_secrets", "SecretList"):
        found = secrets.get_secret_value(SecretId=each["ARN"])
        yield _kept("secrets", each["Name"], [each, found.get("SecretString")])


def _parameters(world: World) -> Iterator[Kept]:
    ssm = world.stack.aws.client("ssm")
    for each in _all(ssm, "describe_parameters", "Parameters"):
        found = ssm.get_parameter(Name=each["Name"], WithDecryption=True)
        yield _kept("parameters", each["Name"], found["Parameter"])


def _schedules(world: World) -> Iterator[Kept]:
    scheduler = world.stack.aws.client("scheduler")
    for each in _all(scheduler, "list_schedules", "Schedules"):
        found = scheduler.get_schedule(Name=each["Name"], GroupName=each["GroupName"])
        yield _kept("schedules", each["Name"], found)


def _buses(world: World) -> Iterator[Kept]:
    """A bus keeps nothing but in an archive; its rules say what they look for."""
    events = world.stack.aws.client("events")
    for archive in events.list_archives()["Archives"]:
        yield _kept("archives of events", archive["ArchiveName"], archive)
    for bus in (each["Name"] for each in events.list_event_buses()["EventBuses"]):
        for rule in _all(events, "list_rules", "Rules", EventBusName=bus):
            targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
            yield _kept("rules", rule["Name"], [rule, targets])


def _topics(world: World) -> Iterator[Kept]:
    for each in _all(world.stack.aws.client("sns"), "list_subscriptions", "Subscriptions"):
        yield _kept("subscriptions of topics", each["TopicArn"], each)


def _stacks(world: World) -> Iterator[Kept]:
    for each in _all(world.stack.aws.client("cloudformation"), "describe_stacks", "Stacks"):
        yield _kept("stacks", each["StackName"], each)


def _metrics(world: World) -> Iterator[Kept]:
    for each in _all(world.stack.aws.client("cloudwatch"), "list_metrics", "Metrics"):
        yield _kept("metrics", each["MetricName"], each)


def _histories(world: World) -> Iterator[Kept]:
    states = world.stack.aws.client("stepfunctions")
    for machine in _all(states, "list_state_machines", "stateMachines"):
        kind = machine["name"].removeprefix(f"{world.stack.name}-")
        if kind == "watchdog":
            continue  # Express: AWS keeps no history of it; the one machine does
        yield from _executions(states, machine["stateMachineArn"], kind, world.since)


def _executions(states: Any, machine: str, kind: str, since: float) -> Iterator[Kept]:
    for each in _all(states, "list_executions", "executions", stateMachineArn=machine):
        if each["startDate"].timestamp() >= since:
            arn = each["executionArn"]
            history = list(_all(states, "get_execution_history", "events", executionArn=arn))
            told = [states.describe_execution(executionArn=arn), history]
            yield _kept(f"histories of {kind}", arn, told)


def _spools(world: World) -> Iterator[Kept]:
    for folder in world.folders:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            yield Kept("spools", file.name, file.name.encode() + file.read_bytes())


def _all(client: Any, operation: str, field: str, **asked: str) -> Iterator[Any]:
    """What AWS lists, from every page."""
    for page in client.get_paginator(operation).paginate(**asked):
        yield from page.get(field, ())


def _kept(place: str, name: str, content: object) -> Kept:
    """What AWS answers, as text without any escape in it, also of JSON within JSON."""
    text = ESCAPED.sub(_letter, json.dumps(content, default=str, ensure_ascii=False))
    return Kept(place, name, text.replace("\\", "").encode("utf-8", "surrogatepass"))


def _letter(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


LOOKS: tuple[Callable[[World], Iterator[Kept]], ...] = (
    _objects,
    _rows,
    _faces,
    _logs,
    _messages,
    _secrets,
    _parameters,
    _schedules,
    _buses,
    _topics,
    _stacks,
    _metrics,
    _histories,
    _spools,
)
