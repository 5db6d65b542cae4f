"""S3: presigned URLs of the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.protocol import Upload

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client

ONCE: Final = {"If-None-Match": "*"}
"""What must be sent with an upload; S3 refuses a second one with 412."""


class BucketPhotos:
    """`doorbell.ports.Photos`. Presigned URLs die with the role session that signed them."""

    def __init__(self, client: Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload(self, key: str, expires_in: int, content_type: str = "image/jpeg") -> Upload:
        """A PUT of one object of this type."""
        headers = {"Content-Type": content_type, **ONCE}
        return Upload(
            "PUT", self._client.presigned("PUT", self._bucket, key, headers, expires_in), headers
        )

    def link(self, key: str, expires_in: int) -> str:
        """A GET."""
        return self._client.presigned("GET", self._bucket, key, {}, expires_in)
