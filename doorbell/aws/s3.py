"""S3: presigned URLs of the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.protocol import Upload

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client

ONE_JPEG: Final = {"Content-Type": "image/jpeg", "If-None-Match": "*"}
"""What a door must send with its photo; S3 refuses a second one with 412."""


class BucketPhotos:
    """`doorbell.ports.Photos`. Presigned URLs die with the role session that signed them."""

    def __init__(self, client: Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload(self, key: str, expires_in: int) -> Upload:
        """A PUT of one JPEG."""
        url = self._client.presigned("PUT", self._bucket, key, ONE_JPEG, expires_in)
        return Upload("PUT", url, dict(ONE_JPEG))

    def link(self, key: str, expires_in: int) -> str:
        """A GET."""
        return self._client.presigned("GET", self._bucket, key, {}, expires_in)
