"""What the ring path, and whoever deploys, may do and may not, tried where it is enforced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.emulator.calls import ON_PURPOSE
from local.stack import announcement
from operations.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack
    from tests.stories.doorstep import Home


@pytest.fixture(scope="module")
def ring_path(stack: Stack) -> boto3.Session:
    """A session of the ring path's role, as Lambda gives it to the function."""
    found = stack.aws.client("cloudformation").describe_stack_resource(
        StackName=stack.name, LogicalResourceId="RingPathRole"
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    role = stack.aws.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    given = stack.aws.client("sts").assume_role(RoleArn=role, RoleSessionName=ON_PURPOSE)
    return boto3.Session(
        given["Credentials"]["AccessKeyId"],
        given["Credentials"]["SecretAccessKey"],
        given["Credentials"]["SessionToken"],
        region_name=stack.region,
    )


def client(session: boto3.Session, stack: Stack, service: str) -> Any:
    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
    return session.client(service, endpoint_url=stack.endpoint, config=config)  # type: ignore[call-overload]


def test_it_adds_no_device_changes_no_token_and_forgets_no_face(
    home: Home, ring_path: boto3.Session
) -> None:
    """Should a visitor get it to do what he wants, then no longer than until it is mended."""
    table, names = client(ring_path, home.stack, "dynamodb"), home.stack.table
    door = {"home": {"S": home.id}, "sk": {"S": "device#front-door"}}
    assert table.get_item(TableName=names.household, Key=door)["Item"]["role"]["S"] == "door"
    changed = {
        "UpdateExpression": "SET token_hash = :mine",
        "ExpressionAttributeValues": {":mine": {"S": "0" * 64}},
    }
    write = {"TableName": names.household, "Key": door, **changed}
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: table.put_item(TableName=names.household, Item={**door, "sk": {"S": "device#x"}}),
        lambda: table.update_item(**write),
        lambda: table.delete_item(TableName=names.household, Key=door),
        lambda: table.transact_write_items(TransactItems=[{"Update": write}]),
        lambda: table.query(
            TableName=names.household,
            KeyConditionExpression="home = :home",
            ExpressionAttributeValues={":home": {"S": home.id}},
        ),
    )
    for refused in attempts:
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()
    ring = {**door, "sk": {"S": "ring#mine"}}
    table.put_item(TableName=names.rings, Item=ring)
    table.delete_item(TableName=names.rings, Key=ring)


def test_it_overwrites_no_photo_and_writes_nothing_but_photos_and_bursts(
    home: Home, ring_path: boto3.Session
) -> None:
    """The bucket's policy: whoever writes to `guest/` says "if there is none"."""
    s3, bucket = client(ring_path, home.stack, "s3"), home.stack.bucket
    photo = f"guest/{home.id}/a-ring/photo.jpeg"
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: s3.put_object(Bucket=bucket, Key=photo, Body=b"mine"),
        lambda: s3.create_multipart_upload(Bucket=bucket, Key=photo),
        lambda: s3.put_object(Bucket=bucket, Key=f"guest/{home.id}/x/film.gif", IfNoneMatch="*"),
        lambda: s3.put_object(Bucket=bucket, Key=f"residents/{home.id}/Me/1.jpeg", IfNoneMatch="*"),
    )
    for refused in attempts:
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()
    s3.put_object(Bucket=bucket, Key=photo, Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key=photo, Body=b"second", IfNoneMatch="*")


def test_it_plays_no_other_service_on_the_bus(home: Home, ring_path: boto3.Session) -> None:
    """No event of its own can look like one of S3's or of Step Functions'."""
    events, bus = client(ring_path, home.stack, "events"), home.stack.outputs["Bus"]
    entry = {"EventBusName": bus, "DetailType": "Object Created", "Detail": "{}"}
    for source in ("aws.s3", "Doorbell", "doorbell2"):
        with pytest.raises(ClientError, match="AccessDenied"):
            events.put_events(Entries=[{**entry, "Source": source}])
    ours = {**entry, "Source": "doorbell", "DetailType": "Nothing"}
    assert events.put_events(Entries=[ours])["FailedEntryCount"] == 0


POLICY: Final = Path(__file__).parents[2] / "docs/deployer-policy.json"


@pytest.fixture(scope="module")
def deployer(stack: Stack) -> boto3.Session:
    """Somebody whose only policy is the one that docs/deploying.md gives."""
    iam, name = stack.aws.client("iam"), "deployer"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=POLICY.read_text("utf-8"))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=stack.region)


@pytest.fixture
def at_work(
    stack: Stack, deployer: boto3.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the operator's commands find the stack, and by whose keys."""
    keys = deployer.get_credentials()
    assert keys
    found = {**announcement(stack), "access_key": keys.access_key, "secret_key": keys.secret_key}
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/stack.json").write_text(json.dumps(found), "utf-8")
    monkeypatch.chdir(tmp_path)


VERBS: Final = (
    ["add", "door", "Side door"],
    ["add", "phone", "Phone of Ada", "--resident", "Ada"],
    ["add", "camera", "Yard", "--door", "Side door"],
    ["add-messenger", "ntfy://door"],
    ["messengers"],
    ["remove-messengers"],
    ["revoke", "Side door"],
)


@pytest.mark.usefixtures("at_work")
def test_whoever_deploys_can_do_all_that_an_operator_does(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """All but schedules: ministack takes each for one of the group `default`."""
    for verb in VERBS:
        assert main([*verb, "--home", home.id]) == 0, (verb, capsys.readouterr().err)


def test_whoever_deploys_touches_nothing_of_others(stack: Stack, deployer: boto3.Session) -> None:
    """No other stack's tables, buckets, secrets and functions, and no role of another name."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    table, s3 = client(deployer, stack, "dynamodb"), client(deployer, stack, "s3")
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: table.scan(TableName="others-table"),
        table.list_tables,
        lambda: s3.list_objects_v2(Bucket="others"),
        lambda: client(deployer, stack, "secretsmanager").get_secret_value(SecretId="others"),
        lambda: client(deployer, stack, "lambda").invoke(FunctionName="others"),
        lambda: client(deployer, stack, "iam").create_role(
            RoleName="admin", AssumeRolePolicyDocument=trust
        ),
        lambda: client(deployer, stack, "iam").create_access_key(UserName="deployer"),
    )
    for refused in attempts:
        with pytest.raises(ClientError, match=r"AccessDenied|not authorized"):
            refused()
