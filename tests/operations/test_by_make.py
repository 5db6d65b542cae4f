"""What README.md tells a first-time user to type, typed: `make deploy` and all that follows.

The real `make`, SAM CLI and template, against AWS on this machine. It runs the functions as this
machine's Python, so they are built without Lambda's packages; all else is what AWS is given.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from demo.people import Person, portrait
from doorbell.auth import read_token
from local import server
from operations.kept import TAG
from tests.operations.clone import Clone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST: Final = "\neu-north-1\nus-east-1\nada@nowhere\nada@example.org\nAda Lovelace\n"
"""Return for the stack; a region without Rekognition, then one with it; an address; a name."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """One clone and one account for all of these tests, which tell one story."""
    with server.running(directory=tmp_path_factory.mktemp("aws")) as aws:
        yield Clone(tmp_path_factory.mktemp("clone"), aws)


@pytest.fixture(scope="module")
def deployed(clone: Clone) -> str:
    """`make deploy` for the first time; what it said."""
    typed = clone.make("deploy", answers=FIRST)
    assert typed.status == 0, typed.said
    return typed.said


def test_the_first_time_it_looks_asks_and_deploys(clone: Clone, deployed: str) -> None:
    for line in (
        "Account 000000000000, as arn:aws:iam::000000000000:root.",
        "Rekognition, which compares the faces, is not in eu-north-1",
        "expected empty, or an e-mail address",
        "doorbell stands in us-east-1.",
        'make add-door NAME="Front door"',
    ):
        assert line in deployed
    assert deployed.count("Stack [doorbell]:") == 1
    given = _given(clone, "doorbell")
    assert (given["Owner"], given["AlarmEmail"]) == ("Ada Lovelace", "ada@example.org")
    assert given["LocalEndpoint"] == clone.aws.endpoint
    saved = (clone.folder / ".doorbell/doorbell.us-east-1.toml").read_text("utf-8")
    assert "RingGap" not in saved
    # What is general, and no answer.
    assert "stack_name" not in clone.folder.joinpath("samconfig.toml").read_text("utf-8")


def test_outputs_names_what_there_is(clone: Clone, deployed: str) -> None:
    typed = clone.make("outputs")
    assert typed.status == 0
    shown = dict(line.split(maxsplit=1) for line in typed.out.splitlines() if " " in line.strip())
    assert shown["Bucket"] == clone.outputs("doorbell")["Bucket"]


def test_a_door_comes_in_and_is_gone_when_it_is_revoked(clone: Clone, deployed: str) -> None:
    """The token alone stands on the output; its socket is closed."""
    added = clone.make("add-door", "NAME=Front door")
    token = added.out.strip()
    assert read_token(token).device == "front-door"
    url = clone.outputs("doorbell")["WebSocket"].replace("http", "ws", 1)
    with connect(f"{url}?token={token}", proxy=None) as socket:
        socket.send('{"action":"ping"}')
        assert json.loads(socket.recv(timeout=30))["type"] == "pong"
        revoked = clone.make("revoke", "NAME=Front door")
        assert (revoked.status, "1 open sockets closed" in revoked.err) == (0, True)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)
    assert clone.make("add-phone", "NAME=Ada", "RESIDENT=Ada").status == 0
    assert clone.make("add-messenger", "URL=ntfy://topic", "HOME_NAME=away").status == 0


def test_a_resident_is_enrolled_when_s3_tells_of_it(
    clone: Clone, deployed: str, tmp_path: Path
) -> None:
    """By a probe that leaves nothing; and what is no picture for Rekognition is said so here."""
    photo = tmp_path / "Me 1.JPG"
    photo.write_bytes(portrait(Person.EILEEN))
    typed = clone.make("enrol", f"PHOTO={photo}", "RESIDENT=Eileen")
    assert typed.status == 0, typed.said
    assert "Eileen is known by 1 face in home." in typed.out
    assert "no phone yet" not in typed.out
    s3, bucket = clone.aws.client("s3"), clone.outputs("doorbell")["Bucket"]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert [key.rpartition("-")[0] for key in keys] == ["residents/home/Eileen/Me-1"]


def test_a_home_is_not_forgotten_for_a_resident_without_a_name(clone: Clone, deployed: str) -> None:
    """`RESIDENT=` that came out empty; and a name that nobody has here."""
    for resident, said in (("", "Say which resident"), ("Nobody", "nothing of Nobody in home")):
        typed = clone.make("forget", "HOME_NAME=home", f"RESIDENT={resident}")
        assert (typed.status != 0, said in typed.err) == (True, True), typed.said


def test_with_nothing_changed_it_says_so_and_succeeds(clone: Clone, deployed: str) -> None:
    """And asks nothing: nobody is there to answer."""
    typed = clone.make("deploy", **clone.built_before())
    assert typed.status == 0, typed.said
    assert "nothing has changed" in typed.out
    assert "doorbell stands in us-east-1." in typed.out


def test_a_second_stack_stands_beside_also_after_it_has_failed(clone: Clone, deployed: str) -> None:
    """Its first deployment fails, `make delete` clears that away, and the next one succeeds."""
    before = clone.outputs("doorbell")
    template = clone.folder / ".aws-sam/build/template.yaml"
    whole = template.read_text("utf-8")
    template.write_text(_with_a_fault(whole), "utf-8")
    failed = clone.make("deploy", "STACK=second", answers="\n\n\n", **clone.built_before())
    assert failed.status != 0
    assert "second failed at CamerasIntegration (AWS::ApiGatewayV2::Integration): " in failed.err
    again = clone.make("deploy", "STACK=second", **clone.built_before())
    assert "its first deployment failed: `make delete` clears it away" in again.err
    assert clone.make("delete", "STACK=second", answers="second\n").status == 0
    assert clone.left("second") == []
    template.write_text(whole, "utf-8")
    typed = clone.make("deploy", "STACK=second", answers="\n\n\n", **clone.built_before())
    assert typed.status == 0, typed.said
    assert "second stands in us-east-1." in typed.out
    assert clone.outputs("doorbell") == before
    assert not set(clone.outputs("second").values()) & set(before.values()) - {"home", ""}
    assert "Say which: STACK=doorbell REGION=us-east-1 or STACK=second" in clone.make("outputs").err


def test_a_stack_that_was_deleted_elsewhere_kept_table_and_bucket_which_are_found(
    clone: Clone, deployed: str
) -> None:
    outputs = clone.outputs("second")
    table, bucket = outputs["Table"], outputs["Bucket"]
    clone.aws.client("cloudformation").delete_stack(StackName="second")
    s3 = clone.aws.client("s3")
    s3.put_object(Bucket=bucket, Key="residents/home/Ada/1.jpeg", Body=b"x")
    # AWS has tagged it, as the template says; ministack tags no bucket.
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": TAG, "Value": "second"}]})
    typed = clone.make("delete", "STACK=second", answers="second\n")
    assert typed.status == 0, typed.said
    assert f"the table {table}" in typed.out
    assert f"the bucket {bucket}" in typed.out
    assert clone.left("second") == []


def test_only_who_types_its_name_deletes_it(clone: Clone, deployed: str) -> None:
    typed = clone.make("delete", answers="doorbel\n")
    assert (typed.status != 0, "Nothing was deleted." in typed.err) == (True, True)
    assert clone.outputs("doorbell")["Table"]


def test_half_deleted_it_is_deleted_and_no_face_photo_or_secret_is_left(
    clone: Clone, deployed: str
) -> None:
    """Its table is gone already; homes without a row have faces; a like-named stack keeps its."""
    client, outputs = clone.aws.client, clone.outputs("doorbell")
    for name in ("doorbell.nobody", "doorbell-test.home"):
        client("rekognition").create_collection(CollectionId=name)
    client("scheduler").create_schedule(**_schedule("doorbell-films"))
    client("dynamodb").update_table(TableName=outputs["Table"], DeletionProtectionEnabled=False)
    client("dynamodb").delete_table(TableName=outputs["Table"])
    typed = clone.make("delete", answers="doorbell\n")
    assert typed.status == 0, typed.said
    assert "collections of faces: 2" in typed.out
    assert "deleted: objects 1, collections of faces 2" in typed.out
    assert "Nothing of doorbell is left." in typed.out
    assert clone.left("doorbell") == []
    assert clone.collections() == ["doorbell-test.home"]


def test_deleting_twice_is_no_failure(clone: Clone, deployed: str) -> None:
    typed = clone.make("delete", "STACK=doorbell")
    assert typed.status == 0, typed.said
    assert "There is nothing of doorbell in us-east-1" in typed.out
    assert not (clone.folder / ".doorbell").exists()


def _given(clone: Clone, name: str) -> dict[str, str]:
    """The parameters that a stack was deployed with."""
    found = clone.aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    given = found[0]["Parameters"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in given}


def _with_a_fault(template: str) -> str:
    """The integration of the cameras refers to what no function has."""
    head, mark, tail = template.partition("  CamerasIntegration:\n")
    assert mark
    return head + mark + tail.replace("- Arn", "- Nonsense", 1)


def _schedule(group: str) -> dict[str, Any]:
    return {
        "Name": "home.gate",
        "GroupName": group,
        "ScheduleExpression": "rate(7 days)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": "arn:aws:states:us-east-1:000000000000:stateMachine:doorbell-film",
            "RoleArn": "arn:aws:iam::000000000000:role/any",
        },
    }
