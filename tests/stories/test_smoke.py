"""`make smoke`, on the stack of this machine by the same code as on AWS."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any, Self

import pytest
from httpx import ConnectError
from rich.console import Console

from demo.errors import DemoFailed
from demo.screen import Screen
from operations.smoke import run, scene
from operations.smoke.rings import portrait_is_enrolled
from operations.smoke.scene import Scene, SmokeFailed, Waits
from operations.smoke.services import alarm_is_told, no_log_has_a_token
from tests.operations.clone import Clone

if TYPE_CHECKING:
    from pathlib import Path

    from local.stack import Stack


class Paper:
    """What was printed."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self.screen = Screen(Console(file=self._text, width=200, highlight=False))

    @property
    def lines(self) -> list[str]:
        """Line by line."""
        return self._text.getvalue().splitlines()


@pytest.fixture
def paper() -> Paper:
    return Paper()


def test_every_check_passes_and_nothing_of_the_test_is_left(stack: Stack, tmp_path: Path) -> None:
    """As it is typed."""
    typed = Clone(tmp_path, stack.aws).make("smoke", f"STACK={stack.name}")
    assert typed.status == 0, typed.said
    lines = typed.out.splitlines()
    shown = [line for line in lines if line.startswith("  ok")]
    assert all(check.title in line for check, line in zip(run.CHECKS, shown, strict=True))
    home = lines[0].rpartition(" ")[2]
    assert home.startswith("smoke-")
    assert left_of(stack, home) == []


def test_a_rule_that_is_off_is_found_and_the_home_is_forgotten_all_the_same(
    stack: Stack, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = stack.aws.client("events")
    targets = {
        rule["Name"]: events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        for rule in events.list_rules()["Rules"]
    }
    (enrols,) = [
        name
        for name, its in targets.items()
        if any(each["Arn"].endswith(f":{stack.name}-enrol") for each in its)
    ]
    events.disable_rule(Name=enrols)
    only = [check for check in run.CHECKS if check.act is portrait_is_enrolled]
    monkeypatch.setattr(run, "CHECKS", only)
    try:
        with pytest.raises(SmokeFailed, match="a portrait is enrolled"):
            run.smoke(stack.deployed, stack.name, paper.screen, Waits(0.5, 1))
    finally:
        events.enable_rule(Name=enrols)
    assert any("FAILED" in line and "Nobody told of the portrait" in line for line in paper.lines)
    assert left_of(stack, paper.lines[0].rpartition(" ")[2]) == []


def test_an_alarm_that_was_raised_already_is_told_all_the_same(
    stack: Stack, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloudwatch = stack.aws.client("cloudwatch")
    found = cloudwatch.describe_alarms(AlarmNamePrefix=stack.name)["MetricAlarms"]
    (lost,) = [each["AlarmName"] for each in found if "SomethingLost" in each["AlarmName"]]
    cloudwatch.set_alarm_state(AlarmName=lost, StateValue="ALARM", StateReason="by a test")
    only = [check for check in run.CHECKS if check.act is alarm_is_told]
    monkeypatch.setattr(run, "CHECKS", only)
    run.smoke(stack.deployed, stack.name, paper.screen, Waits(quiet=1))
    assert any("raised before, too: look by `make lost`" in line for line in paper.lines)
    (after,) = cloudwatch.describe_alarms(AlarmNames=[lost])["MetricAlarms"]
    assert after["StateValue"] == "OK"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (DemoFailed("The door waited."), "The door waited."),
        (TimeoutError("timed out"), "TimeoutError: timed out"),
        (KeyError("upload"), "KeyError: 'upload'"),
        (ConnectError("https://x/?X-Amz-Signature=5e"), "ConnectError: https://x/?…"),
    ],
)
def test_one_check_that_fails_in_whatever_way_stops_no_other(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fails(_: Scene) -> str:
        raise error

    checks = (run.Check("first", fails), run.Check("second", lambda scene: scene.home))
    monkeypatch.setattr(run, "CHECKS", checks)
    monkeypatch.setattr(run, "Scene", NoScene)
    stack: Any = None
    with pytest.raises(SmokeFailed, match="first"):
        run.smoke(stack, "doorbell", paper.screen)
    shown = [line for line in paper.lines if line.startswith("  ")]
    assert [line.split()[0] for line in shown] == ["FAILED", "ok"]
    assert shown[0].endswith(f"  {told}")


def test_a_home_that_cannot_be_forgotten_is_told_beside_the_checks_that_failed(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgets(*_: object) -> None:
        raise TimeoutError

    def fails(_: Scene) -> str:
        raise KeyError("upload")

    monkeypatch.setattr(run, "CHECKS", (run.Check("first", fails),))
    monkeypatch.setattr(scene, "forget_home", forgets)
    monkeypatch.setattr(scene, "add_device", lambda *_: "home.device.secret")
    monkeypatch.setattr(scene, "outputs_of", lambda _: {})
    stack: Any = None
    with pytest.raises(SmokeFailed, match=r"first, forgetting the home: not as it must be\."):
        run.smoke(stack, "doorbell", paper.screen)
    assert any("make forget HOME_NAME=smoke-" in line for line in paper.lines)


def test_a_token_in_any_log_group_of_the_stack_is_found(stack: Stack, paper: Paper) -> None:
    logs = stack.aws.client("logs")
    group = f"/doorbell/{stack.name}/of-a-test"
    with Scene(stack.deployed, stack.name, paper.screen, Waits(quiet=0.5)) as here:
        with here.connected():
            pass
        assert no_log_has_a_token(here).startswith("2 tokens, in none of ")
        token = here.add("phone", "Another")
        logs.create_log_group(logGroupName=group)
        try:
            logs.create_log_stream(logGroupName=group, logStreamName="one")
            line = {"timestamp": int(time.time() * 1000), "message": f"{{'token': '{token}'}}"}
            logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[line])
            with pytest.raises(SmokeFailed, match=r"A token stands in .*/of-a-test"):
                no_log_has_a_token(here)
        finally:
            logs.delete_log_group(logGroupName=group)


class NoScene:
    """A home that is nowhere."""

    home = "smoke-1"

    def __init__(self, _stack: Any, _name: str, screen: Screen, _waits: Waits) -> None:
        self.screen = screen

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to forget."""


def left_of(stack: Stack, home: str) -> list[Any]:
    """Rows, objects, collections and devices of a home."""
    table = stack.aws.client("dynamodb")
    rows = [
        row
        for name in stack.table
        for row in table.query(
            TableName=name,
            KeyConditionExpression="home = :home",
            ExpressionAttributeValues={":home": {"S": home}},
        )["Items"]
    ]
    pages = stack.aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.bucket)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return [*rows, *(key for key in keys if f"/{home}/" in key), *faces_of(stack, home)]


def faces_of(stack: Stack, home: str) -> list[Any]:
    """The faces of the home's collection, if there is one."""
    rekognition = stack.aws.client("rekognition")
    try:
        return list(rekognition.list_faces(CollectionId=f"{stack.name}.{home}")["Faces"])
    except rekognition.exceptions.ResourceNotFoundException:
        return []
