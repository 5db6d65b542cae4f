"""`make forget`, short: who is forgotten is nowhere in the stack, and whoever is not, stays."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING

import pytest

from doorbell.errors import BadName
from local import stack as local_stack
from operations.forget_lost import forget_lost
from operations.forget_resident import forget_resident
from operations.stacks import NoStack
from proof.privacy import prove_on
from proof.privacy.findings import Finding, bearing
from proof.privacy.places import World, everything

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
    """One object, one row, one message and one file: the scan that says "nothing" sees each."""
    mark = f"Łucja {secrets.token_hex(4)}"
    world = World(stack, time.time() - 1, (tmp_path,))
    stack.deployed.put(f"pictures/{mark}.jpeg", b"")
    row = {"home": {"S": mark}, "sk": {"S": "device#one"}}
    dynamodb, sqs = stack.aws.client("dynamodb"), stack.aws.client("sqs")
    dynamodb.put_item(TableName=stack.table.household, Item=row)
    lost = {"requestPayload": json.dumps({"home": mark})}
    sqs.send_message(QueueUrl=stack.outputs["Lost"], MessageBody=json.dumps(lost))
    (tmp_path / "press.json").write_text(mark, "utf-8")
    found = bearing(everything(world), {"name": frozenset([mark.encode()])})
    assert found == [
        Finding("messages of the queue", "name", 1, found[0].first),
        Finding("objects", "name", 1, f"pictures/{mark}.jpeg"),
        Finding("rows", "name", 1, f"{mark} device#one"),
        Finding("spools", "name", 1, "press.json"),
    ]
    forget_lost(stack.deployed, mark)
    dynamodb.delete_item(TableName=stack.table.household, Key=row)
    stack.aws.client("s3").delete_object(Bucket=stack.bucket, Key=f"pictures/{mark}.jpeg")


def test_whom_there_is_not_cannot_be_forgotten(stack: Stack) -> None:
    """The name may be written otherwise; and nobody forgets a home by a name that is none."""
    with pytest.raises(NoStack, match="nothing of Nobody"):
        forget_resident(stack.deployed, stack.name, stack.home, "Nobody")
    with pytest.raises(BadName):
        forget_resident(stack.deployed, stack.name, stack.home, "a/b")
