"""A code stands on a phone, and nowhere else."""

from __future__ import annotations

import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from doorbell.protocol import EnterCode, Open, Opened, Refused
from operations.keys import KEYS, key_name, make_keys, read_key
from operations.log_lines import groups_below, lines_of
from tests.stories.cameras.camera import Camera
from tests.stories.doorstep import Home, PhotoOf, ring, shown_code

if TYPE_CHECKING:
    from demo.device import Device
    from demo.people import Person
    from local.stack import Stack


def test_no_log_event_state_or_item_holds_a_code_a_token_or_a_signed_url(
    home: Home,
    resident: Person,
    door: Device,
    phone: Device,
    photo_of: PhotoOf,
) -> None:
    stack = home.stack
    queue = _record_both_buses(stack)
    codes, wrong = [], "314159"
    for _ in range(3):
        ring(door, photo_of(resident))
        codes.append(shown_code(phone).code)
        door.send(EnterCode(wrong))
        assert door.hear(Refused).reason == "wrong"
        door.send(EnterCode(codes[-1]))
        door.send(Opened(door.hear(Open).open))
    camera = Camera.new(home, "Axis")
    assert camera.send(photo_of(resident)).status == 201
    assert camera.send(b"no picture").status == 415
    upload = {"kind": "clip", "type": "video/mp4", "name": "x", "taken_at": time.time(), "size": 9}
    assert camera.ask("/camera/uploads", upload | {"id": str(uuid.uuid4())}).status == 201
    time.sleep(0.5)

    places = {
        "logs": _logs(stack),
        "events": _received(stack, queue),
        "histories": _histories(stack),
        "table": json.dumps(_items(stack)),
    }
    visitors = _inputs(stack, stack.outputs["Visitor"])
    assert home.id in visitors
    assert "source-ip-address" in places["events"], "S3 does tell where a photo came from"
    assert "127.0.0.1" not in visitors, "and no visitor's execution is told"
    assert "RingPressed" in places["events"], "the recorder does record"
    assert "SearchFaces" in places["histories"]
    assert "RingPressed" in places["logs"]
    assert "beginUpload" in places["logs"]
    assert "PictureReceived" in places["events"]
    places["server's own log"] = stack.aws.log.read_text()
    tokens = (home.door, home.phone, camera.token)
    keys = [read_key(stack.deployed, key_name(stack.name, key)).decode() for key in KEYS]
    secrets = [*codes, wrong, *keys, *(token.split(".")[2] for token in tokens)]
    for place, text in places.items():
        for secret in secrets:
            assert not _stands_in(secret, text), f"a secret stands in the {place}"
        assert "X-Amz-Signature" not in text, f"a signed URL stands in the {place}"


def test_of_many_that_make_the_keys_at_once_all_find_the_same(home: Home) -> None:
    """Whoever comes second gets what the first one made; nobody has a key that is lost."""
    at, name = home.stack.deployed, f"raced-{uuid.uuid4().hex[:8]}"
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: make_keys(at.client_of, name), range(16)))
    found = {read_key(at, key_name(name, key)) for _ in range(4) for key in KEYS}
    assert sum(made) == len(found) == len(KEYS)


def _stands_in(secret: str, text: str) -> bool:
    """As a word of its own: six digits may turn up inside a timestamp or a hash by chance."""
    return re.search(rf"(?<![0-9A-Fa-f.]){re.escape(secret)}(?![0-9A-Fa-f])", text) is not None


def _record_both_buses(stack: Stack) -> str:
    sqs, events = stack.aws.client("sqs"), stack.aws.client("events")
    queue = sqs.create_queue(QueueName="everything")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    for bus in ("default", stack.outputs["Bus"]):
        pattern = json.dumps({"source": [{"prefix": ""}]})
        events.put_rule(Name="everything", EventBusName=bus, EventPattern=pattern)
        events.put_targets(
            Rule="everything", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}]
        )
    return str(queue)


def _received(stack: Stack, queue: str) -> str:
    sqs = stack.aws.client("sqs")
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return "\n".join(bodies)


def _logs(stack: Stack) -> str:
    logs = stack.aws.client("logs")
    lines = (line for group in groups_below(logs) for line in lines_of(logs, group))
    return "\n".join(line["message"] for line in lines)


def _histories(stack: Stack) -> str:
    states = stack.aws.client("stepfunctions")
    machines = [m["stateMachineArn"] for m in states.list_state_machines()["stateMachines"]]
    executions = [
        e["executionArn"]
        for machine in machines
        for e in states.list_executions(stateMachineArn=machine)["executions"]
    ]
    return "\n".join(
        json.dumps(states.get_execution_history(executionArn=e)["events"], default=str)
        for e in executions
    )


def _inputs(stack: Stack, machine: str) -> str:
    states = stack.aws.client("stepfunctions")
    executions = states.list_executions(stateMachineArn=machine)["executions"]
    return "\n".join(
        states.describe_execution(executionArn=each["executionArn"])["input"] for each in executions
    )


def _items(stack: Stack) -> list[dict[str, Any]]:
    scan = stack.aws.client("dynamodb").get_paginator("scan")
    pages = (page for table in stack.table for page in scan.paginate(TableName=table))
    return [item for page in pages for item in page["Items"]]
