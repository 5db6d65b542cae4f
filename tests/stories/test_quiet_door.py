"""A door that has gone quiet is found, told once, alarmed, and taken back when it is here again."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from demo.device import Device
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.presences import PresenceTable
from doorbell.aws.dynamodb.table import Table
from doorbell.model import Connection
from doorbell.protocol import Ping, Pong
from local.deploy import invoke
from operations.log_lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack
    from tests.stories.doorstep import Home

PATIENCE = 20.0
GATE = "garden-gate"


class Queue:
    """What a topic tells."""

    def __init__(self, stack: Stack, topic: str, name: str) -> None:
        self._sqs = stack.aws.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        known = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        arn = known["Attributes"]["QueueArn"]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": policy})
        self._heard: list[str] = []
        stack.aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def hear(self, *parts: str) -> str:
        """The first message that has all of these in it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for said in self._heard:
                if all(part in said for part in parts):
                    return said
            got = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            self._heard += [json.loads(m["Body"])["Message"] for m in got.get("Messages", [])]
            time.sleep(0.05)
        raise AssertionError(f"nothing with {parts} among {self._heard}")


def seen(until: Callable[[], Any]) -> Any:
    """What is true at last."""
    deadline = time.monotonic() + PATIENCE
    while not (found := until()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_a_door_that_fell_silent_is_told_and_taken_back(home: Home) -> None:
    """Its power went, and API Gateway never told that its socket closed."""
    stack, table = home.stack, Table(home.stack.deployed.client, home.stack.table)
    presences, connections = PresenceTable(table), ConnectionTable(table)
    token = home.add("door", "Garden gate")
    device = DeviceTable(table).find(home.id, GATE)
    assert device
    told = Queue(stack, stack.outputs["Notices"], f"told-{home.id}")

    def look() -> None:
        answer = invoke(
            stack.aws, stack=stack.name, function="Household", event={"do": "look_at_doors"}
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def presence() -> Any:
        return presences.find(home.id, GATE)

    with Device("door", home.websocket, token) as door:
        seen(presence)
        presences.heard(presence(), time.time() - 3600, silent=False)
        door.send(Ping())
        door.hear(Pong)
        look()
        assert not presence().told_offline
    seen(lambda: presence().seen_at > time.time() - 60)
    presences.heard(presence(), time.time() - 900, silent=False)
    never_closed = Connection("gone=", home.id, "door", GATE, time.time() - 900)
    connections.add(never_closed, device.token_hash)
    look()
    look()
    assert presence().told_offline
    assert connections.of(home.id, "door") == []
    told.hear("Garden gate is offline")
    with Device("door", home.websocket, token):
        told.hear("Garden gate is back")
    lines = _lines(stack, "household")
    metrics = [line for line in lines if "DoorsOffline" in line]
    assert metrics[-1]["Stack"] == stack.name
    assert metrics[-1]["DoorsOffline"] >= 1


def test_an_alarm_tells_its_topic_that_a_door_is_quiet_and_that_it_is_back(stack: Stack) -> None:
    """CloudWatch takes the metrics out of the log; on this machine a test does."""
    cloudwatch = stack.aws.client("cloudwatch")
    found = cloudwatch.describe_alarms(AlarmNamePrefix=stack.name)["MetricAlarms"]
    (alarm,) = [each for each in found if "DoorQuiet" in each["AlarmName"]]
    (topic,) = alarm["AlarmActions"]
    assert alarm["OKActions"] == alarm["InsufficientDataActions"] == [topic]
    alarmed = Queue(stack, topic, "alarmed")
    dimensions = [{"Name": "Stack", "Value": stack.name}]
    value = {"MetricName": "DoorsOffline", "Dimensions": dimensions, "Value": 1.0}
    cloudwatch.put_metric_data(Namespace="Doorbell", MetricData=[value])
    told = json.loads(alarmed.hear("DoorQuiet", '"NewStateValue": "ALARM"'))
    assert told["AlarmDescription"].startswith("A door has been quiet")
    # The value of before still lies within the alarm's periods: what comes after them is said.
    back = {"AlarmName": alarm["AlarmName"], "StateValue": "OK", "StateReason": "it is back"}
    cloudwatch.set_alarm_state(**back)
    alarmed.hear("DoorQuiet", '"NewStateValue": "OK"')


@pytest.mark.parametrize("alarm", ["SomethingLost", "RingPathFails", "HttpFails"])
def test_every_alarm_of_few_homes_is_there_and_rings(stack: Stack, alarm: str) -> None:
    cloudwatch = stack.aws.client("cloudwatch")
    found = cloudwatch.describe_alarms(AlarmNamePrefix=stack.name)["MetricAlarms"]
    (made,) = [each for each in found if alarm in each["AlarmName"]]
    alarmed = Queue(stack, made["AlarmActions"][0], f"alarmed-{alarm}")
    cloudwatch.set_alarm_state(
        AlarmName=made["AlarmName"], StateValue="ALARM", StateReason="by a test"
    )
    alarmed.hear(alarm, '"NewStateValue": "ALARM"')
    cloudwatch.set_alarm_state(
        AlarmName=made["AlarmName"], StateValue="OK", StateReason="the test is over"
    )


def _lines(stack: Stack, function: str) -> list[dict[str, Any]]:
    """What a function has written that is JSON."""
    group = f"/doorbell/{stack.name}/{function}"
    found = []
    for event in lines_of(stack.aws.client("logs"), group):
        for line in event["message"].splitlines():
            if line.startswith("{"):
                found.append(json.loads(line))
    return found
