"""S3: presigned URLs of the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.protocol import Upload

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients


class BucketPhotos:
    """`doorbell.ports.Photos` and `StoredPhotos`.

    Presigned URLs die with the role session that signed them.
    """

    def __init__(self, clients: Clients, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def upload(self, key: str, expires_in: int) -> Upload:
        """A PUT of one JPEG; `If-None-Match: *` makes S3 refuse a second one with 412."""
        url = self._clients.s3.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ContentType": "image/jpeg",
                "IfNoneMatch": "*",
            },
            ExpiresIn=expires_in,
        )
        return Upload("PUT", url, {"Content-Type": "image/jpeg", "If-None-Match": "*"})

    def link(self, key: str, expires_in: int) -> str:
        """A GET."""
        return self._clients.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=expires_in
        )

    def exists(self, key: str) -> bool:
        """HeadObject; 404 is an answer, and so is nothing else."""
        try:
            self._clients.s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return True
