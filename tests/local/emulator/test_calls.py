"""Calls are written down once each: who, what, to what; of state machines and rules, too."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.emulator.calls import Call, Notes, calls_of

STACK = {
    "StackName": "home",
    "StackId": "arn:home",
    "_resources": {
        "DoorRole": {"PhysicalResourceId": "home-DoorRole-1"},
        "Bucket": {"PhysicalResourceId": "home-bucket", "Attributes": {"Arn": "arn:aws:s3:::x"}},
    },
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a server with one stack writes."""
    monkeypatch.setattr("ministack.services.cloudformation._stacks", {"home": STACK})
    return tmp_path / "calls.jsonl"


def lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def read(key: str, role: str = "home-DoorRole-1") -> Call:
    return Call(role, "s3:GetObject", f"arn:aws:s3:::home-bucket/{key}", {})


def test_a_call_stands_below_the_names_of_its_stack(file: Path) -> None:
    Notes(file).write(read("guest/home/1/photo.jpeg"))
    names, call = lines(file)
    assert names["resources"]["Bucket"] == {"Ref": "home-bucket", "Arn": "arn:aws:s3:::x"}
    assert (call["role"], call["action"], call["stack"]) == ("DoorRole", "s3:GetObject", "arn:home")


def test_what_differs_by_an_id_is_written_once_and_any_other_file_anew(file: Path) -> None:
    notes = Notes(file)
    for key in (
        "guest/home/0123456789abcdef/photo.jpeg",
        "guest/home-2/fedcba9876543210/photo.jpeg",
        "guest/home/0123456789abcdef/film.mp4",
        "guest/home/0123456789abcdef/film.gif",
        "films/yard/segments/000001.mp4",
        "films/yard/segments/000002.mp4",
    ):
        notes.write(read(key))
    assert len(lines(file)) == 1 + 5


def test_a_role_of_no_stack_is_passed_over(file: Path) -> None:
    Notes(file).write(read("x", role="somebody"))
    assert lines(file) == []


@pytest.mark.parametrize(
    ("task", "given", "asked"),
    [
        ("lambda:invoke.waitForTaskToken", {"FunctionName": "f"}, [("lambda:InvokeFunction", "f")]),
        ("states:startExecution", {"StateMachineArn": "m"}, [("states:StartExecution", "m")]),
        ("aws-sdk:dynamodb:updateItem", {"TableName": "t"}, [("dynamodb:UpdateItem", "table/t")]),
        (
            "aws-sdk:rekognition:searchFacesByImage",
            {"CollectionId": "c", "Image": {"S3Object": {"Bucket": "b", "Name": "k"}}},
            [("rekognition:SearchFacesByImage", "collection/c"), ("s3:GetObject", "b/k")],
        ),
        ("aws-sdk:sqs:sendMessage", {}, [("sqs:SendMessage", "not known")]),
    ],
)
def test_a_task_asks_for_what_it_does(
    task: str, given: dict[str, Any], asked: list[tuple[str, str]]
) -> None:
    """One of a kind that is not known here is allowed by no policy, so that somebody looks."""
    found = list(calls_of(f"arn:aws:states:::{task}", given))
    assert [action for action, _ in found] == [action for action, _ in asked]
    for (_, resource), (_, end) in zip(found, asked, strict=True):
        assert resource.endswith(end)
