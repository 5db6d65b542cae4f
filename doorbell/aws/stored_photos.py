"""S3: which photos are there; copies and deletes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from doorbell.aws.sdk import refused

if TYPE_CHECKING:
    from doorbell.aws.sdk import Sdk


LARGEST: Final = 15 << 20
"""Bytes of a visitor's photo: what is larger is none (statemachines/visitor.asl.json)."""


class BucketContents:
    """`doorbell.ports.StoredPhotos`, `doorbell.household.ports.PhotoStore` and
    `doorbell.push.ports.VisitorPhotos`.
    """

    def __init__(self, sdk: Sdk, bucket: str) -> None:
        self._sdk = sdk
        self._bucket = bucket

    def copy(self, source: str, target: str) -> bool:
        """CopyObject; False if there is no such photo. Raises ServiceError."""
        try:
            self._sdk.s3.copy_object(
                Bucket=self._bucket, Key=target, CopySource={"Bucket": self._bucket, "Key": source}
            )
        except ClientError as error:
            if refused(error).status == 404:
                return False
            raise refused(error) from None
        return True

    def delete(self, key: str) -> None:
        """DeleteObject. Raises ServiceError."""
        try:
            self._sdk.s3.delete_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            raise refused(error) from None

    def exists(self, key: str) -> bool:
        """HeadObject; 404 is an answer, and so is nothing else. Raises ServiceError."""
        try:
            self._sdk.s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if refused(error).status == 404:
                return False
            raise refused(error) from None
        return True

    def read(self, key: str) -> bytes | None:
        """GetObject; None if there is no such photo, or it is too large. Raises ServiceError."""
        try:
            found = self._sdk.s3.get_object(Bucket=self._bucket, Key=key)
            return None if found["ContentLength"] > LARGEST else found["Body"].read()
        except ClientError as error:
            if refused(error).status == 404:
                return None
            raise refused(error) from None
