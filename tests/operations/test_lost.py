"""`make lost`: what reached nobody is shown, given back to where it came from, or thrown away."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.aws.dynamodb.presences import PresenceTable
from doorbell.aws.dynamodb.table import Table
from operations import __main__ as command
from operations.devices import add_device
from operations.lost import look
from operations.stacks import NoStack
from tests.operations.lost_messages import (
    FUNCTION,
    failed,
    given_up,
    object_created,
    pressed,
    undelivered,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack


class Queue:
    """The queue of the stack."""

    def __init__(self, stack: Stack) -> None:
        self._sqs = stack.aws.client("sqs")
        self.url = stack.outputs["Lost"]

    def put(self, body: str, attributes: dict[str, str] | None = None) -> None:
        """As AWS puts a message there."""
        said = {
            name: {"DataType": "String", "StringValue": value}
            for name, value in (attributes or {}).items()
        }
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=said)

    def length(self) -> int:
        """How much lies there and may be read."""
        said = self._sqs.get_queue_attributes(
            QueueUrl=self.url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(said["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture
def queue(stack: Stack) -> Queue:
    """Emptied of what other tests have lost."""
    stack.aws.client("sqs").purge_queue(QueueUrl=stack.outputs["Lost"])
    return Queue(stack)


@pytest.fixture
def lost(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, str]]:
    """The command, of this stack: what it prints, and what it tells a person."""
    monkeypatch.setattr(command, "find_stack", lambda _: stack.deployed)
    monkeypatch.setattr("operations.lost_queue.POLL", 0)

    def run(*arguments: str) -> tuple[str, str]:
        assert command.main(["lost", *arguments]) == 0
        said = capsys.readouterr()
        return said.out, said.err

    return run


def arn_of(stack: Stack, resource: str) -> str:
    """The ARN of a function or state machine."""
    cloudformation = stack.aws.client("cloudformation")
    where = {"StackName": stack.name, "LogicalResourceId": resource}
    found = cloudformation.describe_stack_resource(**where)["StackResourceDetail"]
    identity = str(found["PhysicalResourceId"])
    if identity.startswith("arn:"):
        return identity
    about = stack.aws.client("lambda").get_function_configuration(FunctionName=identity)
    return str(about["FunctionArn"])


def rule_of(stack: Stack, bus: str, target: str) -> str:
    """The ARN of the rule of that bus which has this target."""
    events = stack.aws.client("events")
    for rule in events.list_rules(EventBusName=bus)["Rules"]:
        named = {"Rule": rule["Name"], "EventBusName": bus}
        if target in [each["Arn"] for each in events.list_targets_by_rule(**named)["Targets"]]:
            return str(rule["Arn"])
    raise AssertionError(f"no rule of {bus} has {target}")


def came(stack: Stack, home: str) -> dict[str, Any]:
    """A device of this home connected."""
    detail = {"home": home, "device": "front-door", "role": "door"}
    return pressed() | {"detail-type": "DeviceConnected", "detail": detail}


def was_seen(stack: Stack, home: str) -> bool:
    """Whether Household has heard of it."""
    presences = PresenceTable(Table(stack.deployed.client, stack.table))
    return presences.find(home, "front-door") is not None


def await_seen(stack: Stack, home: str) -> None:
    """Within some seconds."""
    deadline = time.monotonic() + 20
    while not was_seen(stack, home):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_is_shown_and_stays(stack: Stack, queue: Queue, lost: Any) -> None:
    queue.put(given_up(came(stack, "lost-1"), arn_of(stack, "Household")))
    queue.put("something else")
    for _ in range(2):
        said, told = lost()
        first, second = sorted(said.splitlines())
        assert "DeviceConnected for" in first + second
        assert "home=lost-1 device=front-door" in first + second
        assert "of no known form" in first + second
        assert "2 reached nobody." in told
    assert queue.length() == 2


def test_what_lambda_gave_up_is_given_to_it_again(stack: Stack, queue: Queue, lost: Any) -> None:
    add_device(stack.deployed, "door", "Front door", "lost-2", None)
    queue.put(given_up(came(stack, "lost-2"), arn_of(stack, "Household")))
    _, told = lost("--redrive")
    assert "1 given back." in told
    await_seen(stack, "lost-2")
    assert queue.length() == 0


def test_what_a_rule_could_not_deliver_is_given_to_its_target(
    stack: Stack, queue: Queue, lost: Any
) -> None:
    """An event of the own bus as it is; one of S3 as the rule's input transformer makes it."""
    add_device(stack.deployed, "door", "Front door", "lost-3", None)
    household, enrol = arn_of(stack, "Household"), arn_of(stack, "Enrol")
    rule = rule_of(stack, stack.outputs["Bus"], household)
    queue.put(json.dumps(came(stack, "lost-3")), undelivered(household, rule))
    event = object_created("residents/lost-3/Ada/a.jpeg")
    event["detail"]["bucket"]["name"] = stack.bucket
    queue.put(json.dumps(event), undelivered(enrol, rule_of(stack, "default", enrol)))
    _, told = lost("--redrive")
    assert "2 given back." in told
    await_seen(stack, "lost-3")
    assert given_to(stack, enrol)[0] == {
        "bucket": stack.bucket,
        "key": "residents/lost-3/Ada/a.jpeg",
        "sequencer": "00617F08299329D189",
    }
    assert queue.length() == 0


def test_a_failed_execution_is_started_again(stack: Stack, queue: Queue, lost: Any) -> None:
    enrol = arn_of(stack, "Enrol")
    asked = {"bucket": stack.bucket, "key": "residents/lost-4/Ada/a.jpeg", "sequencer": "00"}
    queue.put(json.dumps(failed(asked, enrol)))
    assert "1 given back." in lost("--redrive")[1]
    assert given_to(stack, enrol)[0] == asked


def test_what_is_for_another_stack_is_not_given_and_stays(
    stack: Stack, queue: Queue, lost: Any
) -> None:
    queue.put(given_up(pressed(), FUNCTION))
    queue.put("something else")
    _, told = lost("--redrive")
    assert "0 given back." in told
    assert told.count("Not given back, it is for nothing of this stack") == 2
    assert queue.length() == 2


def test_a_rule_that_is_gone_gives_nothing_and_the_event_stays(
    stack: Stack, queue: Queue, lost: Any
) -> None:
    household = arn_of(stack, "Household")
    gone = rule_of(stack, stack.outputs["Bus"], household).rpartition("/")[0] + "/gone"
    queue.put(json.dumps(came(stack, "lost-5")), undelivered(household, gone))
    _, told = lost("--redrive")
    assert "Not given back" in told
    assert queue.length() == 1


def test_it_is_thrown_away(stack: Stack, queue: Queue, lost: Any) -> None:
    queue.put(given_up(came(stack, "lost-6"), arn_of(stack, "Household")))
    queue.put("something else")
    assert "2 thrown away." in lost("--clear")[1]
    assert queue.length() == 0
    assert "0 reached nobody." in lost()[1]
    assert not was_seen(stack, "lost-6")


def test_one_cannot_do_both(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["lost", "--redrive", "--clear"])
    assert "not allowed with" in capsys.readouterr().err


def test_a_stack_that_is_gone_is_named(stack: Stack) -> None:
    with pytest.raises(NoStack):
        look(stack.deployed._replace(bucket="gone"))


def given_to(stack: Stack, machine: str) -> list[dict[str, Any]]:
    """What a machine was given, the newest first."""
    states = stack.aws.client("stepfunctions")
    ran = states.list_executions(stateMachineArn=machine)["executions"]
    return [
        json.loads(states.describe_execution(executionArn=each["executionArn"])["input"])
        for each in ran
    ]
