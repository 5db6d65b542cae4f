"""Delete what CloudFormation will not: photos, collections of faces, and the secrets of homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.homes import collection_id
from operations.messengers import remove_messengers
from operations.publications import stop_publishing

if TYPE_CHECKING:
    from operations.stacks import Deployed


def empty(stack: Deployed, name: str) -> None:
    """Delete all photos, the collections of faces, and what homes keep secret."""
    s3 = stack.session.resource("s3", endpoint_url=stack.endpoint)
    s3.Bucket(stack.bucket).objects.all().delete()
    rekognition = stack.session.client("rekognition", endpoint_url=stack.endpoint)
    for home in _homes(stack):
        try:
            rekognition.delete_collection(CollectionId=collection_id(name, home))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
        remove_messengers(stack, name, home)
        stop_publishing(stack, name, home)


def _homes(stack: Deployed) -> set[str]:
    """All homes of the tables. `doorbell-test-home` may be a collection of another stack."""
    scan = stack.session.client("dynamodb", endpoint_url=stack.endpoint).get_paginator("scan")
    return {
        item["home"]["S"]
        for table in stack.table
        for page in scan.paginate(TableName=table, ProjectionExpression="home")
        for item in page["Items"]
    }
