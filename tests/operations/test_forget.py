"""`make forget`: what was begun for the home is stopped, and nobody forgets one by a slip."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from operations import __main__ as command
from operations.forget_begun import Executions, abort_uploads
from operations.stacks import Deployed, TableNames
from tests.doorbell.aws.pools import some_client
from tests.template.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doorbell.aws.pools import MotoPool

HOME: Final = "yard-house"
FILM: Final = {"home": HOME, "camera": "yard", "days": 1}
ROLE: Final = "arn:aws:iam::123456789012:role/machine"
NOTHING: Final = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})


@pytest.fixture(scope="module")
def at(moto: MotoPool) -> Deployed:
    """A stack with both machines, and one that is not asked."""
    session = boto3.Session("key", "secret", region_name="eu-central-1")
    client = some_client(moto)
    made = Deployed(client, session, None, TableNames("a", "b"), "bucket", "ws://", "default")
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionString": NOTHING, "RoleArn": ROLE},
    }
    resources = dict.fromkeys(("StopMotion", "Enrol", "Visitor"), machine)
    made.client_of("cloudformation").create_stack(
        StackName="doorbell", TemplateBody=json.dumps({"Resources": resources})
    )
    return made


def begin(at: Deployed, machine: str, given: dict[str, Any]) -> str:
    """Start an execution: it runs until it is stopped."""
    found = at.client_of("cloudformation").describe_stack_resource(
        StackName="doorbell", LogicalResourceId=machine
    )
    arn = found["StackResourceDetail"]["PhysicalResourceId"]
    machines = at.client_of("stepfunctions")
    started = machines.start_execution(stateMachineArn=arn, input=json.dumps(given))
    return str(started["executionArn"])


def runs(at: Deployed, execution: str) -> bool:
    found = at.client_of("stepfunctions").describe_execution(executionArn=execution)
    return bool(found["status"] == "RUNNING")


@pytest.mark.parametrize(
    ("machine", "given", "home"),
    [
        ("StopMotion", FILM, HOME),
        ("Enrol", {"key": f"residents/{HOME}/Ada/1.jpeg"}, HOME),
        ("Enrol", {"key": "source.jpeg"}, "default"),
    ],
)
def test_what_runs_for_the_home_is_stopped(
    at: Deployed, machine: str, given: dict[str, Any], home: str
) -> None:
    execution = begin(at, machine, given)
    executions = Executions(at, "doorbell", home)
    assert (executions.stop(), runs(at, execution)) == (1, False)
    assert (executions.stop(), executions.stopped) == (0, 1)


def test_whoever_broke_off_waits_for_it_the_next_time(at: Deployed) -> None:
    """What was stopped a moment ago may still write: then the home is not gone yet."""
    begin(at, "StopMotion", {**FILM, "home": "again"})
    assert Executions(at, "doorbell", "again").stop() == 1
    anew = Executions(at, "doorbell", "again")
    assert (anew.stop(), anew.stopped_lately(60), anew.stopped_lately(-60)) == (0, True, False)
    assert not Executions(at, "doorbell", "other").stopped_lately(60)


@pytest.mark.parametrize(
    ("machine", "given"),
    [
        ("StopMotion", {**FILM, "home": "other", "camera": HOME}),
        ("Enrol", {"key": f"residents/other/{HOME}/1.jpeg"}),
        ("Visitor", {"key": f"guest/{HOME}/ring/photo.jpeg"}),
    ],
)
def test_others_executions_go_on(at: Deployed, machine: str, given: dict[str, Any]) -> None:
    """A camera or a resident may be named as the home; and somebody may wait at the door."""
    execution = begin(at, machine, given)
    assert Executions(at, "doorbell", HOME).stop() == 0
    assert runs(at, execution)


def test_one_that_ended_a_moment_ago_is_no_failure(
    at: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of executions is a moment behind, and one may end between two calls."""
    execution = begin(at, "StopMotion", FILM)
    executions = Executions(at, "doorbell", HOME)
    machines = at.client_of("stepfunctions")

    def stop(**given: Any) -> None:
        machines.stop_execution(executionArn=execution)
        raise machines.exceptions.ValidationException({}, "StopExecution")

    monkeypatch.setattr(executions._machines, "stop_execution", stop)
    assert executions.stop() == 1
    assert executions.stop() == 0


def test_uploads_that_were_only_begun_are_aborted(at: Deployed) -> None:
    """Not those of a home whose name begins alike."""
    s3 = at.client_of("s3")
    where = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket=at.bucket, CreateBucketConfiguration=where)
    for home in (HOME, f"{HOME}-2"):
        for name in ("1.mp4", "2.mp4"):
            s3.create_multipart_upload(Bucket=at.bucket, Key=f"clips/{home}/yard/{name}")
    prefixes = [f"clips/{HOME}/", f"films/{HOME}/"]
    assert [abort_uploads(s3, at.bucket, prefixes) for _ in range(2)] == [2, 0]
    left = s3.list_multipart_uploads(Bucket=at.bucket)["Uploads"]
    assert {each["Key"].split("/")[1] for each in left} == {f"{HOME}-2"}


@pytest.mark.parametrize("resident", ["", " "])
def test_a_resident_without_a_name_is_not_the_whole_home(
    at: Deployed, resident: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(command, "find_stack", lambda _: at)
    assert command.main(["forget", "--home", HOME, "--resident", resident]) == 1
    assert "Say which resident" in capsys.readouterr().err


def make(folder: Path, *words: str, **environment: str) -> tuple[int, str]:
    """`make forget`, with a Python that only says what it was asked."""
    python = folder / "python"
    python.write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    python.chmod(0o755)
    hidden = ("MAKE", "MFLAGS", "RESIDENT", "STACK", "REGION", "PROFILE")
    others = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    ended = subprocess.run(
        ["make", "-o.venv/.ready", f"BIN={folder}", "forget", "HOME_NAME=home", *words],
        cwd=ROOT, env=others | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout.strip()


@pytest.mark.parametrize("way", ["command", "environment", "override"])
def test_make_forgets_no_home_for_a_resident_whose_name_came_out_empty(
    tmp_path: Path, way: str
) -> None:
    """`RESIDENT="$who" make forget …`, and nobody has set `who`."""
    words = {"command": ["RESIDENT="], "environment": [], "override": ["-e"]}[way]
    environment = {} if way == "command" else {"RESIDENT": ""}
    status, asked = make(tmp_path, *words, **environment)
    assert (status != 0, asked) == (True, "")


def test_make_forgets_one_resident_or_the_home(tmp_path: Path) -> None:
    whole = "-m operations forget --home home"
    assert make(tmp_path) == (0, whole)
    assert make(tmp_path, "RESIDENT=Anna") == (0, f"{whole} --resident Anna")
    assert make(tmp_path, RESIDENT="Anna") == (0, f"{whole} --resident Anna")
