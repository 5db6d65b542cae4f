"""S3: what cameras send, by our hands or by URLs that we sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from botocore.exceptions import ClientError

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.sdk import refused
from doorbell.cameras.model import Stored
from doorbell.cameras.problems import Problem
from doorbell.errors import Conflict
from doorbell.protocol import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doorbell.aws.sdk import Sdk
    from doorbell.cameras.model import Part, UploadedPart

THERE_IS_NONE: Final = "*"
"""If-None-Match: only if there is no object of this key."""
_TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_GONE: Final = frozenset({"NoSuchUpload"}) | _TAKEN
_WRONG: Final = frozenset(
    {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "BadDigest", "InvalidRequest"}
)
"""S3's words for it (Amazon S3 API Reference, CompleteMultipartUpload)."""


class CameraObjects:
    """`doorbell.cameras.ports.Objects` and `Uploads`. Signed URLs die with the role session that
    signed them.
    """

    def __init__(self, sdk: Sdk, bucket: str) -> None:
        self._sdk = sdk
        self._bucket = bucket

    def put(self, key: str, content: bytes, media: str, facts: Mapping[str, str]) -> bool:
        """PutObject, if there is none. Raises ServiceError."""
        try:
            self._put(key, content, media, facts, IfNoneMatch=THERE_IS_NONE)
        except ServiceError as error:
            if error.code in _TAKEN:
                return False
            raise
        return True

    def replace(self, key: str, content: bytes, media: str, facts: Mapping[str, str]) -> None:
        """PutObject. Raises ServiceError."""
        self._put(key, content, media, facts)

    def remove(self, key: str) -> None:
        """DeleteObject. Raises ServiceError."""
        try:
            self._sdk.s3.delete_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            raise refused(error) from None

    def read(self, key: str) -> bytes | None:
        """GetObject. Raises ServiceError."""
        try:
            return self._sdk.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if refused(error).status == 404:
                return None
            raise refused(error) from None

    def find(self, key: str) -> Stored | None:
        """HeadObject. Raises ServiceError."""
        try:
            said = self._sdk.s3.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if refused(error).status == 404:
                return None
            raise refused(error) from None
        return Stored(said["ContentLength"], dict(said["Metadata"]), said.get("ChecksumSHA256"))

    def link(self, key: str, media: str, size: int, expires_in: int) -> Upload:
        """A PutObject that serves once, for so many bytes."""
        bound = {"ContentType": media, "ContentLength": size, "IfNoneMatch": THERE_IS_NONE}
        url = self._signed("put_object", key, bound, expires_in)
        headers = {"Content-Type": media, "Content-Length": str(size)}
        return Upload("PUT", url, {**headers, "If-None-Match": THERE_IS_NONE})

    def begin(self, key: str, media: str) -> str:
        """CreateMultipartUpload. Raises ServiceError."""
        try:
            begun = self._sdk.s3.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=media, ChecksumAlgorithm="SHA256"
            )
        except ClientError as error:
            raise refused(error) from None
        return begun["UploadId"]

    def link_part(self, key: str, upload: str, part: Part, expires_in: int) -> Upload:
        """An UploadPart of the very bytes that have this checksum."""
        bound = {"UploadId": upload, "PartNumber": part.number, "ChecksumSHA256": part.sha256}
        url = self._signed("upload_part", key, bound, expires_in)
        return Upload("PUT", url, {"x-amz-checksum-sha256": part.sha256})

    def complete(self, key: str, upload: str, parts: Sequence[UploadedPart]) -> None:
        """CompleteMultipartUpload. Raises Problem, Conflict, ServiceError."""
        try:
            self._sdk.s3.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload,
                IfNoneMatch=THERE_IS_NONE,
                MultipartUpload={
                    "Parts": [
                        {"PartNumber": p.number, "ETag": p.etag, "ChecksumSHA256": p.sha256}
                        for p in parts
                    ]
                },
            )
        except ClientError as error:
            _not_completed(refused(error))

    def _put(
        self, key: str, content: bytes, media: str, facts: Mapping[str, str], **condition: str
    ) -> None:
        given: dict[str, Any] = {"Body": content, "ContentType": media, "Metadata": facts}
        given |= condition
        try:
            self._sdk.s3.put_object(Bucket=self._bucket, Key=key, **given)
        except ClientError as error:
            raise refused(error) from None

    def _signed(
        self,
        call: Literal["put_object", "upload_part"],
        key: str,
        given: Mapping[str, Any],
        expires_in: int,
    ) -> str:
        params = {"Bucket": self._bucket, "Key": key, **given}
        return self._sdk.s3.generate_presigned_url(call, Params=params, ExpiresIn=expires_in)


def _not_completed(error: ServiceError) -> NoReturn:
    if error.code in _GONE:
        raise Conflict("This upload is gone, or was completed.") from None
    if error.code in _WRONG:
        raise Problem("bad_part", f"S3 does not take these parts: {error.code}.") from None
    raise error
