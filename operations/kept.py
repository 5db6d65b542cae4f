"""The tables and buckets that a stack keeps: found by name, emptied, removed.

CloudFormation leaves table and bucket behind when somebody deletes the stack elsewhere. Then their
tag says whose they were (docs/decisions/kept-on-deletion.md).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import boto3

TAG: Final = "doorbell:stack"
"""What the template tags table and bucket with; the value is the stack's name."""
TYPES: Final = {"AWS::DynamoDB::Table": "table", "AWS::S3::Bucket": "bucket"}
BUCKET_TRIES: Final = 6
"""A photo may still come while the bucket goes; then it is emptied once more."""
PAUSE: Final = 2.0


class Kept(NamedTuple):
    """Their names, in alphabetical order."""

    tables: list[str]
    buckets: list[str]


NONE: Final = Kept([], [])


def find(session: boto3.Session, stack: str, also: Kept = NONE) -> Kept:
    """Those of the stack, while CloudFormation knows it, and those that are tagged with its name.

    Only what is there: both go on naming a while what is gone.
    """
    named = {*_of_stack(session, stack), *_tagged(session, stack)}
    named |= {("table", name) for name in also.tables}
    named |= {("bucket", name) for name in also.buckets}
    return Kept(
        sorted(name for kind, name in named if kind == "table" and _has_table(session, name)),
        sorted(name for kind, name in named if kind == "bucket" and _has_bucket(session, name)),
    )


def _of_stack(session: boto3.Session, stack: str) -> Iterator[tuple[str, str]]:
    pages = session.client("cloudformation").get_paginator("list_stack_resources")
    try:
        for page in pages.paginate(StackName=stack):
            for each in page["StackResourceSummaries"]:
                kind, name = TYPES.get(each["ResourceType"]), each.get("PhysicalResourceId")
                if kind and name:
                    yield kind, name
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise


def _tagged(session: boto3.Session, stack: str) -> Iterator[tuple[str, str]]:
    pages = session.client("resourcegroupstaggingapi").get_paginator("get_resources")
    for page in pages.paginate(TagFilters=[{"Key": TAG, "Values": [stack]}]):
        for each in page["ResourceTagMappingList"]:
            # arn:aws:dynamodb:eu-central-1:123456789012:table/NAME, arn:aws:s3:::NAME
            _, _, service, _, _, name = each["ResourceARN"].split(":", 5)
            if service == "dynamodb":
                yield "table", name.partition("/")[2]
            elif service == "s3":
                yield "bucket", name


def _has_table(session: boto3.Session, name: str) -> bool:
    return _is_there(lambda: session.client("dynamodb").describe_table(TableName=name))


def _has_bucket(session: boto3.Session, name: str) -> bool:
    return _is_there(lambda: session.client("s3").head_bucket(Bucket=name))


def _is_there(look: Callable[[], Any]) -> bool:
    try:
        look()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("ResourceNotFoundException", "404", "NoSuchBucket"):
            return False
        raise
    return True


def unprotect_table(session: boto3.Session, name: str) -> None:
    """It may be deleted from now on, and leaves no backup: with point-in-time recovery DynamoDB
    would keep one for 35 days.
    """
    dynamodb = session.client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    if table.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    dynamodb.update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
    )


def remove_table(session: boto3.Session, name: str) -> None:
    """And wait until it is gone."""
    unprotect_table(session, name)
    dynamodb = session.client("dynamodb")
    dynamodb.delete_table(TableName=name)
    dynamodb.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 2})


def empty_bucket(session: boto3.Session, name: str, prefix: str = "") -> int:
    """Delete all objects below the prefix, with all their versions; how many there were."""
    s3 = session.client("s3")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=name, Prefix=prefix)
    count = 0
    for page in pages:
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if not found:
            continue
        gone: Any = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        failed = s3.delete_objects(Bucket=name, Delete={"Objects": gone, "Quiet": True})
        for each in failed.get("Errors", []):
            raise ClientError({"Error": each}, "DeleteObjects")
        count += len(gone)
    return count


def remove_bucket(
    session: boto3.Session, name: str, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Empty and delete it, again while something comes. Raises ClientError if that never ends."""
    s3 = session.client("s3")
    for _ in range(BUCKET_TRIES - 1):
        empty_bucket(session, name)
        try:
            s3.delete_bucket(Bucket=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "BucketNotEmpty":
                raise
            sleep(PAUSE)
        else:
            return
    empty_bucket(session, name)
    s3.delete_bucket(Bucket=name)
