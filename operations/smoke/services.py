"""What AWS makes of the deployment: functions, executions, logs, an alarm, the SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from operations.log_lines import groups_below, lines_of
from operations.smoke.scene import Scene, SmokeFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG_PATIENCE: Final = 90.0
"""Seconds after which a line must stand in CloudWatch Logs."""
ALARM: Final = "SomethingLost"
"""The alarm that is raised for a moment."""


def functions_are_ready(scene: Scene) -> str:
    """Each is active and up to date; in which runtime, and on which processor."""
    lambda_ = scene.client("lambda")
    kinds = set()
    names = [
        each["PhysicalResourceId"]
        for each in scene.resources()
        if each["ResourceType"] == "AWS::Lambda::Function"
    ]
    for name in names:
        found = lambda_.get_function_configuration(FunctionName=name)
        if (found["State"], found["LastUpdateStatus"]) != ("Active", "Successful"):
            raise SmokeFailed(f"{name} is {found['State']}, {found['LastUpdateStatus']}.")
        kinds.add(f"{found['Runtime']} {' '.join(found['Architectures'])}")
    return f"{len(names)} functions, {', '.join(sorted(kinds))}"


def executions_succeed(scene: Scene) -> str:
    """Of this test's rings, every execution of `visitor`; one took an answer as task success."""
    machines = scene.client("stepfunctions")
    ours = scene.wait_for(
        lambda: _ended(machines, scene),
        60,
        "Rings of this test are still decided: look at the executions of `visitor`.",
    )
    histories = [
        machines.get_execution_history(executionArn=each["executionArn"], maxResults=1000)
        for each in ours
    ]
    taken = {answer for history in histories for answer in _answers(history["events"])}
    if wrong := [each["name"] for each in ours if each["status"] != "SUCCEEDED"]:
        raise SmokeFailed(f"These executions of `visitor` failed: {', '.join(wrong)}.")
    if missing := {"got", "let_in", "decline"} - taken:
        raise SmokeFailed(
            f"No execution took {', '.join(sorted(missing))}: look at states:SendTaskSuccess."
        )
    return f"{len(ours)} executions of visitor, all succeeded; SendTaskSuccess was taken"


def log_has_the_ring(scene: Scene) -> str:
    """The lines of a ring are found by its home."""
    group = f"/doorbell/{scene.name}/ring-path"
    lines = scene.wait_for(
        lambda: _lines(scene, group, f'"{scene.home}"'),
        LOG_PATIENCE,
        f"No line about this test's rings in {group}.",
    )
    rings = {str(line["ring"]) for line in map(_read, lines) if line.get("ring", "-") != "-"}
    if not rings:
        raise SmokeFailed(f"The lines in {group} name no ring.")
    return f"{len(lines)} lines about {len(rings)} rings"


def no_log_has_a_token(scene: Scene) -> str:
    """Of all devices that this test added, in no line of any of the stack's log groups."""
    secrets = [token.rpartition(".")[2] for token in scene.tokens]
    groups = groups_below(scene.client("logs"), f"/doorbell/{scene.name}/")
    count = 0
    for group in groups:
        lines = _lines(scene, group)
        count += len(lines)
        if any(secret in line for line in lines for secret in secrets):
            raise SmokeFailed(f"A token stands in {group}: take the stack down.")
    if not count:
        raise SmokeFailed(f"No line of this test in any of {len(groups)} log groups.")
    return f"{len(secrets)} tokens, in none of {count} lines of {len(groups)} groups"


def alarm_is_told(scene: Scene) -> str:
    """One alarm is raised by hand, and a queue that listens to the topic hears of it.

    Only a change of state is told, so an alarm that is raised already is set to OK before; within
    minutes CloudWatch sets it to what it measures.
    """
    alarm, topic = scene.physical(ALARM), scene.physical("Alarms")
    cloudwatch, sqs, sns = map(scene.client, ("cloudwatch", "sqs", "sns"))
    queue = sqs.create_queue(QueueName=f"{scene.name}-{scene.home}")["QueueUrl"]
    try:
        listens = _subscribe(sqs, sns, queue, topic)
        try:
            (before,) = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
            _set_ok(cloudwatch, alarm)
            reason = "The smoke test raised this alarm; nothing is wrong."
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason=reason)
            scene.wait_for(
                lambda: _heard(sqs, queue, alarm),
                60,
                f"{alarm} was raised, and the topic told nobody: look at its policy.",
            )
        finally:
            _set_ok(cloudwatch, alarm)
            sns.unsubscribe(SubscriptionArn=listens)
    finally:
        sqs.delete_queue(QueueUrl=queue)
    mail = " (and by e-mail, if you confirmed it)" if scene.stack.endpoint is None else ""
    since = (
        " (it was raised before, too: look by `make lost`)"
        if before["StateValue"] == "ALARM"
        else ""
    )
    return f"{ALARM} was raised and heard{mail}{since}"


def packed_sdk_runs(scene: Scene) -> str:
    """Enrolment says which botocore it runs: the packed one, not that of Lambda's runtime."""
    from botocore import __version__ as ours

    group = f"/doorbell/{scene.name}/enrolment"
    lines = scene.wait_for(
        lambda: _lines(scene, group, '"botocore"'),
        LOG_PATIENCE,
        f"No line in {group}: look whether the state machine `enrol` reached its function.",
    )
    versions = {str(_read(line).get("botocore")) for line in lines} - {"None"}
    if versions != {ours}:
        raise SmokeFailed(f"Enrolment runs botocore {', '.join(versions)}, not {ours}.")
    return f"botocore {ours}"


def _ended(machines: Any, scene: Scene) -> list[dict[str, Any]]:
    """This test's executions of `visitor`, as soon as none of them runs any more."""
    pages = machines.get_paginator("list_executions").paginate(
        stateMachineArn=scene.outputs["Visitor"], PaginationConfig={"MaxItems": 200}
    )
    found = [each for page in pages for each in page["executions"]]
    recent = [each for each in found if each["startDate"].timestamp() >= scene.began - 1]
    ours = [each for each in recent if f"/{scene.home}/" in _input(machines, each)]
    return [] if any(each["status"] == "RUNNING" for each in ours) else ours


def _answers(events: list[dict[str, Any]]) -> Iterator[str]:
    """What phones answered, as SendTaskSuccess brought it into an execution."""
    for event in events:
        done = event.get("taskSucceededEventDetails", {})
        if str(done.get("resource", "")).endswith("waitForTaskToken"):
            yield str(json.loads(done["output"]).get("answer"))


def _input(machines: Any, execution: dict[str, Any]) -> str:
    return str(machines.describe_execution(executionArn=execution["executionArn"])["input"])


def _lines(scene: Scene, group: str, pattern: str = "") -> list[str]:
    """What was written since the test began."""
    since = int(scene.began * 1000) - 1000
    found = lines_of(scene.client("logs"), group, since, pattern)
    return [str(line["message"]) for line in found]


def _read(line: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _subscribe(sqs: Any, sns: Any, queue: str, topic: str) -> str:
    """The subscription; the queue takes messages of this topic alone."""
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = found["Attributes"]["QueueArn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    subscribed = sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
    )
    return str(subscribed["SubscriptionArn"])


def _set_ok(cloudwatch: Any, alarm: str) -> None:
    reason = "Set by the smoke test; CloudWatch measures anew."
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason=reason)


def _heard(sqs: Any, queue: str, alarm: str) -> bool:
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return any(alarm in message["Body"] for message in got.get("Messages", ()))
