"""S3: which photos are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.aws.sdk import refused

if TYPE_CHECKING:
    from doorbell.aws.sdk import Sdk


class BucketContents:
    """`doorbell.ports.StoredPhotos`."""

    def __init__(self, sdk: Sdk, bucket: str) -> None:
        self._sdk = sdk
        self._bucket = bucket

    def exists(self, key: str) -> bool:
        """HeadObject; 404 is an answer, and so is nothing else. Raises ServiceError."""
        try:
            self._sdk.s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if refused(error).status == 404:
                return False
            raise refused(error) from None
        return True
