"""Deleting, where it does not go as it should: what is tried again, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from operations import kept
from operations.delete import NotDeleted, _delete_stack
from operations.states import failures, state_of

if TYPE_CHECKING:
    from tests.doorbell.aws.pools import MotoPool

STACK = "arn:aws:cloudformation:us-east-1:1:stack/doorbell/1"


class CloudFormation:
    """A stack that is in these states, one after another, and its events, newest first."""

    def __init__(self, *states: str, events: tuple[tuple[str, str, str], ...] = ()) -> None:
        self.states = list(states)
        self.events = events
        self.deleted: list[str] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state == "gone":
            said = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": said}}, "Describe")
        return {"Stacks": [{"StackStatus": state, "StackId": STACK}]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.deleted.append(StackName)

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {
            "StackEvents": [
                {
                    "StackId": STACK,
                    "PhysicalResourceId": STACK if name == "doorbell" else name,
                    "LogicalResourceId": name,
                    "ResourceType": "AWS::S3::Bucket",
                    "ResourceStatus": status,
                    "ResourceStatusReason": reason,
                }
                for name, status, reason in self.events
            ]
        }


def test_a_stack_is_deleted_by_its_id_and_awaited() -> None:
    """By its name alone it would not be found any more when it is gone."""
    aws = CloudFormation("CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE")
    slept: list[float] = []
    _delete_stack(aws, "doorbell", slept.append)
    assert (aws.deleted, len(slept)) == ([STACK], 1)


def test_what_hinders_it_is_named_and_the_same_command_goes_on() -> None:
    events = (
        ("doorbell", "DELETE_FAILED", "The following resources failed"),
        ("AppBucket", "DELETE_FAILED", "The bucket you tried to delete is not empty"),
        ("doorbell", "DELETE_IN_PROGRESS", ""),
        ("Former", "DELETE_FAILED", "of another day"),
    )
    aws = CloudFormation("CREATE_COMPLETE", "DELETE_FAILED", events=events)
    with pytest.raises(NotDeleted) as refused:
        _delete_stack(aws, "doorbell", lambda _: None)
    assert "AppBucket (AWS::S3::Bucket): The bucket you tried to delete is not empty." in str(
        refused.value
    )
    assert "of another day" not in str(refused.value)
    assert "`make delete` goes on" in str(refused.value)


def test_of_what_failed_the_first_comes_first() -> None:
    """All after it is only taking back."""
    events = (
        ("Second", "CREATE_FAILED", "Resource creation cancelled"),
        ("First", "CREATE_FAILED", "Access denied."),
        ("doorbell", "CREATE_IN_PROGRESS", ""),
    )
    named = list(failures(CloudFormation("ROLLBACK_COMPLETE", events=events), "doorbell"))
    assert [each.partition(" ")[0] for each in named] == ["First", "Second"]
    assert named[0].endswith("Access denied.")


def test_a_stack_that_there_is_not_has_no_state() -> None:
    assert state_of(CloudFormation("gone"), "doorbell") is None


class Filling:
    """A session whose bucket is never empty when it is to go, so many times."""

    def __init__(self, session: boto3.Session, times: int) -> None:
        self._s3 = session.client("s3")
        self.times = times
        self.exceptions = self._s3.exceptions

    def client(self, service: str) -> Any:
        assert service == "s3"
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def delete_bucket(self, Bucket: str) -> None:  # noqa: N803
        if self.times:
            self.times -= 1
            self._s3.put_object(Bucket=Bucket, Key=f"guest/{self.times}", Body=b"x")
        self._s3.delete_bucket(Bucket=Bucket)


@pytest.fixture
def session(moto: MotoPool) -> boto3.Session:
    """A session with a bucket that keeps versions, and three of one object."""
    session = boto3.Session("key", "secret", region_name="us-east-1")
    s3 = session.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    for content in (b"1", b"2", b"3"):
        s3.put_object(Bucket="bucket", Key="guest/home/r/photo.jpeg", Body=content)
    s3.delete_object(Bucket="bucket", Key="guest/home/r/photo.jpeg")
    return session


@pytest.mark.parametrize("times", [0, 1, kept.BUCKET_TRIES - 1])
def test_a_bucket_goes_with_all_versions_also_while_photos_still_come(
    session: boto3.Session, times: int
) -> None:
    """A door's ticket lives for minutes."""
    slept: list[float] = []
    filling = Filling(session, times)
    kept.remove_bucket(filling, "bucket", slept.append)  # type: ignore[arg-type]
    assert session.client("s3").list_buckets()["Buckets"] == []
    assert len(slept) == times


def test_a_bucket_that_fills_for_ever_is_told(session: boto3.Session) -> None:
    filling = Filling(session, 99)
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        kept.remove_bucket(filling, "bucket", lambda _: None)  # type: ignore[arg-type]


def test_a_protected_table_goes_and_leaves_no_backup(session: boto3.Session) -> None:
    """With point-in-time recovery DynamoDB would keep one for 35 days."""
    dynamodb = session.client("dynamodb")
    dynamodb.create_table(
        TableName="kept",
        AttributeDefinitions=[{"AttributeName": "home", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "home", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
    )
    dynamodb.update_continuous_backups(
        TableName="kept", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    kept.unprotect_table(session, "kept")
    backups = dynamodb.describe_continuous_backups(TableName="kept")
    described = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert described["PointInTimeRecoveryStatus"] == "DISABLED"
    kept.remove_table(session, "kept")
    assert "kept" not in dynamodb.list_tables()["TableNames"]
