"""`make forget`, short: who is forgotten is nowhere in the stack, and whoever is not, stays."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from doorbell.errors import BadName
from local import stack as local_stack
from operations.forget_lost import forget_lost
from operations.forget_resident import forget_resident
from operations.stacks import NoStack
from proof.privacy import prove_on
from proof.privacy.findings import Finding, bearing, told
from proof.privacy.places import World, everything
from proof.privacy.story import HOME_PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of its own: on the other, other stories have enrolled the same face."""
    with local_stack.up(directory=tmp_path_factory.mktemp("stack")) as running:
        yield running


def test_nothing_of_a_resident_and_then_of_a_home_is_left(stack: Stack, tmp_path: Path) -> None:
    report = prove_on(stack, tmp_path, quiet=0.5)
    assert [claim for claim in report.claims if not claim.holds] == []


def test_what_is_left_behind_is_found_wherever_it_is(stack: Stack, tmp_path: Path) -> None:
    """One thing in each kind of place: the scan that says "nothing" sees each."""
    mark, plain = f"Łucja {secrets.token_hex(4)}", f"lucja-{secrets.token_hex(4)}"
    world = World(stack, time.time() - 1, (tmp_path,))
    with ExitStack() as left:
        _leave(stack, tmp_path, mark, plain, left)
        kept = everything(world)
    found = bearing(kept, {"name": frozenset([mark.encode(), plain.encode()])})
    assert {each.place: each.first for each in found} == {
        "collections": plain,
        "half uploads": f"clips/{mark}.mp4",
        "log groups": f"/{plain}",
        "log lines": f"/{plain}/one",
        "messages of the queue": found[4].first,
        "objects": f"pictures/{mark}.jpeg",
        "parameters": f"/{plain}",
        "rows": f"{mark} device#one",
        "schedules": plain,
        "secrets": plain,
        "spools": "press.json",
    }


def _leave(stack: Stack, folder: Path, mark: str, plain: str, left: ExitStack) -> None:
    """Where a name may have any letter, it is the mark; what is left in the stack goes with
    `left`.
    """
    client = stack.aws.client
    (folder / "press.json").write_text(mark, "utf-8")

    s3, key = client("s3"), {"Bucket": stack.bucket, "Key": f"clips/{mark}.mp4"}
    stack.deployed.put(f"pictures/{mark}.jpeg", b"")
    left.callback(s3.delete_object, Bucket=stack.bucket, Key=f"pictures/{mark}.jpeg")
    half = s3.create_multipart_upload(**key)["UploadId"]
    left.callback(s3.abort_multipart_upload, **key, UploadId=half)

    row = {"home": {"S": mark}, "sk": {"S": "device#one"}}
    client("dynamodb").put_item(TableName=stack.table.household, Item=row)
    left.callback(client("dynamodb").delete_item, TableName=stack.table.household, Key=row)

    lost = {"requestPayload": json.dumps({"home": mark})}
    client("sqs").send_message(QueueUrl=stack.outputs["Lost"], MessageBody=json.dumps(lost))
    left.callback(forget_lost, stack.deployed, mark)

    client("rekognition").create_collection(CollectionId=plain)
    left.callback(client("rekognition").delete_collection, CollectionId=plain)

    made = client("secretsmanager").create_secret(Name=plain, SecretString=mark)["ARN"]
    left.callback(
        client("secretsmanager").delete_secret, SecretId=made, ForceDeleteWithoutRecovery=True
    )
    client("ssm").put_parameter(Name=f"/{plain}", Value=mark, Type="String")
    left.callback(client("ssm").delete_parameter, Name=f"/{plain}")

    client("scheduler").create_schedule(
        Name=plain,
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": stack.outputs["Visitor"],
            "RoleArn": stack.outputs["Visitor"],
            "Input": mark,
        },
    )
    left.callback(client("scheduler").delete_schedule, Name=plain)

    logs, line = client("logs"), {"timestamp": int(time.time() * 1000), "message": mark}
    logs.create_log_group(logGroupName=f"/{plain}")
    left.callback(logs.delete_log_group, logGroupName=f"/{plain}")
    logs.create_log_stream(logGroupName=f"/{plain}", logStreamName="one")
    logs.put_log_events(logGroupName=f"/{plain}", logStreamName="one", logEvents=[line])


def test_a_scan_that_does_not_see_where_a_home_is_does_not_hold() -> None:
    """Before it is forgotten it is in every one of these places; else its claim says nothing."""
    seen = [Finding(place, mark, 1, "") for place, mark in HOME_PLACES]
    (claim,) = told("before the home", seen, HOME_PLACES)
    assert claim.holds
    for each in seen:
        (claim,) = told("before the home", [it for it in seen if it != each], HOME_PLACES)
        assert not claim.holds
        assert each.place in claim.found


def test_whom_there_is_not_cannot_be_forgotten(stack: Stack) -> None:
    """The name may be written otherwise; and nobody forgets a home by a name that is none."""
    with pytest.raises(NoStack, match="nothing of Nobody"):
        forget_resident(stack.deployed, stack.name, stack.home, "Nobody")
    with pytest.raises(BadName):
        forget_resident(stack.deployed, stack.name, stack.home, "a/b")
