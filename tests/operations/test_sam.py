"""The SAM CLI, kept quiet: what it said is in the log, and shown when it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from operations import sam
from operations.answers import Answers
from operations.deploy import NotNow, _check_state, _here
from operations.sam import SamFailed, deploy, how_far, target

if TYPE_CHECKING:
    from pathlib import Path


def program(folder: Path, *lines: str) -> str:
    """Something that stands for the SAM CLI."""
    file = folder / "sam"
    file.write_text("\n".join(["#!/bin/sh", *lines]))
    file.chmod(0o755)
    return str(file)


def silent() -> str:
    return ""


def test_its_words_go_to_the_log_and_whether_anything_changed_is_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    changes = program(tmp_path, "echo Successfully created")
    assert deploy([changes, "deploy"], {}, log, silent)
    nothing = program(tmp_path, "echo 'No changes to deploy. Stack x is up to date'")
    assert not deploy([nothing, "deploy"], {}, log, silent)
    assert log.read_text().splitlines()[0] == "Successfully created"


def test_parameters_come_whole_whatever_is_in_them(tmp_path: Path) -> None:
    """On the command line SAM would take quotes and spaces for its own."""
    given = {"Owner": """Ada "L" O'x=1 \\ ☃""", "RingGap": "5"}
    copies = program(
        tmp_path, 'for w; do case $w in file://*) cp "${w#file://}" "$0.given";; esac; done'
    )
    deploy([copies, "deploy"], given, tmp_path / "log", silent)

    assert yaml.safe_load((tmp_path / "sam.given").read_text("utf-8")) == given


def test_what_failed_is_said_with_its_last_lines_and_where_the_rest_is(tmp_path: Path) -> None:
    fails = program(tmp_path, "seq 1 40", "echo 'Error: no bucket' >&2", "exit 3")
    with pytest.raises(SamFailed) as failed:
        deploy([fails, "deploy"], {}, tmp_path / "log", silent)
    said = str(failed.value)
    assert "`sam deploy` failed" in said
    assert str(tmp_path / "log") in said
    assert said.endswith("  40\n  Error: no bucket")
    assert "\n  20\n" not in said


def test_whoever_waits_sees_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line when it has changed, and no line twice."""
    monkeypatch.setattr(sam, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(sam, "SAY_EVERY", 0.05)
    lines = iter(["", "1 resources stand", "1 resources stand", *["2 resources stand"] * 99])
    deploy([program(tmp_path, "sleep 0.6"), "deploy"], {}, tmp_path / "log", lambda: next(lines))
    assert capsys.readouterr().out == "  1 resources stand\n  2 resources stand\n"


class Resources:
    """CloudFormation's list of a stack's resources."""

    def __init__(self, **states: str) -> None:
        self.states = states

    def describe_stack_resources(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        if not self.states:
            raise ValueError(StackName)
        return {
            "StackResources": [
                {"LogicalResourceId": name, "ResourceStatus": state}
                for name, state in self.states.items()
            ]
        }


def test_how_far_it_is() -> None:
    under_way = Resources(Table="CREATE_COMPLETE", Distribution="CREATE_IN_PROGRESS")
    assert how_far(under_way, "doorbell") == "1 resources stand; now Distribution"
    assert how_far(Resources(Table="UPDATE_COMPLETE"), "doorbell") == "1 resources stand"
    assert how_far(Resources(), "doorbell") == ""


def test_a_profile_is_named_only_where_there_is_one() -> None:
    """Uploads go below the stack's name, where they are found again."""
    options = target(Answers("second", "us-east-1"))
    assert options[-2:] == ["--s3-prefix", "second"]
    assert target(Answers("second", "us-east-1", "work"))[-2:] == ["--profile", "work"]


@pytest.mark.parametrize(
    ("state", "helps"),
    [
        ("ROLLBACK_COMPLETE", "`make delete` clears it away"),
        ("ROLLBACK_FAILED", "`make delete` clears it away"),
        ("DELETE_FAILED", "`make delete` does the rest"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name second"),
        ("UPDATE_IN_PROGRESS", "Try again when it is done"),
    ],
)
def test_a_stack_that_cannot_be_deployed_over_is_told_with_what_helps(
    state: str, helps: str
) -> None:
    """Before anything is built."""
    with pytest.raises(NotNow, match=helps):
        _check_state("second", state)


@pytest.mark.parametrize("state", [None, "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_over_any_other_it_is_deployed(state: str | None) -> None:
    _check_state("second", state)


@pytest.mark.parametrize(
    ("endpoint", "given"),
    [
        ("http://127.0.0.1:4566/", {"LocalEndpoint": "http://127.0.0.1:4566"}),
        ("http://localhost:4566", {"LocalEndpoint": "http://localhost:4566"}),
        ("https://vpce-1.amazonaws.com", {}),
        ("", {}),
    ],
)
def test_only_aws_on_one_machine_is_a_local_endpoint(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, given: dict[str, str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    assert _here() == given
