"""A home is forgotten while a film of its camera is made and a clip is half there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from operations.forget import forget_home
from operations.stacks import NoStack

if TYPE_CHECKING:
    from local.stack import Stack
    from tests.stories.doorstep import Home

ENDS_WITHIN: Final = 2.0
"""Seconds in which a job that was under way ends."""


def test_nothing_comes_back_of_what_was_under_way(home: Home) -> None:
    """Neither a film, nor the word that there is none; and no half clip stays."""
    s3, bucket = home.stack.aws.client("s3"), home.stack.bucket
    home.add("camera", "Yard")
    home.stack.deployed.put(f"films/{home.id}/yard/segments/1/0000.mp4", b"a part")
    s3.create_multipart_upload(Bucket=bucket, Key=f"clips/{home.id}/yard/half.mp4")
    # It cannot be planned, is tried again for some seconds, and then given up.
    asked = {"home": home.id, "camera": "yard", "start": 0, "end": 60, "fps": 1000}
    home.stack.aws.client("stepfunctions").start_execution(
        stateMachineArn=home.stack.outputs["StopMotion"], input=json.dumps(asked)
    )
    assert executions(home) == ["RUNNING"]
    at, name = home.stack.deployed, home.stack.name
    forget_home(at, name, home.id, 0.5, ENDS_WITHIN)
    assert executions(home) == ["ABORTED"]
    assert left(home) == []
    with pytest.raises(NoStack, match=f"nothing of {home.id}"):
        forget_home(at, name, home.id, 0.5, 0.5)


def test_a_home_that_there_is_not_is_told(stack: Stack) -> None:
    """It may be written otherwise: nobody shall believe that it is gone."""
    with pytest.raises(NoStack, match="nothing of hoem"):
        forget_home(stack.deployed, stack.name, "hoem")


def executions(home: Home) -> list[str]:
    """How those of the home's films stand."""
    machines = home.stack.aws.client("stepfunctions")
    pages = machines.get_paginator("list_executions").paginate(
        stateMachineArn=home.stack.outputs["StopMotion"]
    )
    found = [
        machines.describe_execution(executionArn=each["executionArn"])
        for page in pages
        for each in page["executions"]
    ]
    return [each["status"] for each in found if json.loads(each["input"])["home"] == home.id]


def left(home: Home) -> list[Any]:
    """All that is kept of the home, in tables and bucket."""
    dynamodb, s3 = home.stack.aws.client("dynamodb"), home.stack.aws.client("s3")
    kept: list[Any] = []
    for table in home.stack.table:
        kept += dynamodb.query(
            TableName=table,
            KeyConditionExpression="home = :home",
            ExpressionAttributeValues={":home": {"S": home.id}},
        )["Items"]
    listed = s3.list_objects_v2(Bucket=home.stack.bucket).get("Contents", [])
    begun = s3.list_multipart_uploads(Bucket=home.stack.bucket).get("Uploads", [])
    return kept + [each["Key"] for each in (*listed, *begun) if f"/{home.id}/" in each["Key"]]
