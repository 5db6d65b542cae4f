"""What came into being while a stack lived, and CloudFormation knows nothing of: found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

from doorbell.homes import collection_id
from operations.kept import empty_bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import boto3

SAM_STACK: Final = "aws-sam-cli-managed-default"
"""The stack of SAM's own that has the bucket for uploads."""


class Kind(NamedTuple):
    """One kind of leftover."""

    what: str
    find: Callable[[boto3.Session, str], list[str]]
    """The names of those of a stack."""
    remove: Callable[[boto3.Session, str], object]
    """Gone after it, or gone before."""


def _collections(session: boto3.Session, stack: str) -> list[str]:
    """Also those of homes that have no row. A stack's name holds no dot."""
    names = _listed(session.client("rekognition"), "list_collections", "CollectionIds")
    return [name for name in names if name.startswith(collection_id(stack, ""))]


def _secrets(session: boto3.Session, stack: str) -> list[str]:
    found = _listed(
        session.client("secretsmanager"),
        "list_secrets",
        "SecretList",
        IncludePlannedDeletion=True,
        Filters=[{"Key": "name", "Values": [f"{stack}/"]}],
    )
    return [each["Name"] for each in found if each["Name"].startswith(f"{stack}/")]


def _parameters(session: boto3.Session, stack: str) -> list[str]:
    prefix = f"/doorbell/{stack}/"
    found = _listed(
        session.client("ssm"),
        "describe_parameters",
        "Parameters",
        ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": [prefix]}],
    )
    return [each["Name"] for each in found]


def _logs(session: boto3.Session, stack: str) -> list[str]:
    found = _listed(
        session.client("logs"),
        "describe_log_groups",
        "logGroups",
        logGroupNamePrefix=f"/doorbell/{stack}/",
    )
    return [each["logGroupName"] for each in found]


def _schedules(session: boto3.Session, stack: str) -> list[str]:
    try:
        found = _listed(
            session.client("scheduler"), "list_schedules", "Schedules", GroupName=f"{stack}-films"
        )
    except ClientError as error:
        if _is_gone(error):
            return []
        raise
    return [f"{each['GroupName']}/{each['Name']}" for each in found]


def _uploads(session: boto3.Session, stack: str) -> list[str]:
    """Where SAM has put this stack's packages: `BUCKET/STACK/`."""
    cloudformation = session.client("cloudformation")
    try:
        outputs = cloudformation.describe_stacks(StackName=SAM_STACK)["Stacks"][0]["Outputs"]
    except (ClientError, KeyError):
        return []
    for each in outputs:
        if each["OutputKey"] == "SourceBucket":
            bucket, prefix = each["OutputValue"], f"{stack}/"
            found = session.client("s3").list_object_versions(
                Bucket=bucket, Prefix=prefix, MaxKeys=1
            )
            if found.get("Versions") or found.get("DeleteMarkers"):
                return [f"{bucket}/{prefix}"]
    return []


def _remove_schedule(session: boto3.Session, name: str) -> None:
    group, _, schedule = name.partition("/")
    session.client("scheduler").delete_schedule(GroupName=group, Name=schedule)


def _remove_uploads(session: boto3.Session, name: str) -> None:
    bucket, _, prefix = name.partition("/")
    empty_bucket(session, bucket, prefix)


SCHEDULES: Final = Kind("schedules of films", _schedules, _remove_schedule)
"""They go before the stack: a film would be made meanwhile."""
FACES: Final = Kind(
    "collections of faces",
    _collections,
    lambda session, name: session.client("rekognition").delete_collection(CollectionId=name),
)
OTHERS: Final = (
    Kind(
        "secrets",
        _secrets,
        lambda session, name: session.client("secretsmanager").delete_secret(
            SecretId=name, ForceDeleteWithoutRecovery=True
        ),
    ),
    Kind(
        "parameters",
        _parameters,
        lambda session, name: session.client("ssm").delete_parameter(Name=name),
    ),
    Kind(
        "log groups",
        _logs,
        lambda session, name: session.client("logs").delete_log_group(logGroupName=name),
    ),
    Kind("uploads of SAM", _uploads, _remove_uploads),
)
KINDS: Final = (SCHEDULES, FACES, *OTHERS)


def remove_all(session: boto3.Session, stack: str, kinds: Iterable[Kind]) -> int:
    """All of these kinds; how many there were. What is gone meanwhile is no failure."""
    count = 0
    for kind in kinds:
        for name in kind.find(session, stack):
            try:
                kind.remove(session, name)
            except ClientError as error:
                if not _is_gone(error):
                    raise
            count += 1
    return count


def _is_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in ("ResourceNotFoundException", "ParameterNotFound")


def _listed(client: Any, operation: str, field: str, **asked: Any) -> list[Any]:
    """All pages of an answer."""
    pages = client.get_paginator(operation).paginate(**asked)
    return [each for page in pages for each in page.get(field, [])]
