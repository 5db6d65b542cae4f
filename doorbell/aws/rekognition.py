"""Rekognition: one collection of faces for each home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.aws.sdk import refused
from doorbell.homes import collection_id

if TYPE_CHECKING:
    from doorbell.aws.sdk import Sdk


class Collections:
    """`doorbell.ports.Faces`: one Rekognition collection for each home."""

    def __init__(self, sdk: Sdk, prefix: str) -> None:
        self._sdk = sdk
        self._prefix = prefix

    def remove(self, home: str, faces: list[str]) -> None:
        """Forget these faces. Raises ServiceError."""
        if not faces:
            return
        collection = collection_id(self._prefix, home)
        try:
            self._sdk.rekognition.delete_faces(CollectionId=collection, FaceIds=faces)
        except ClientError as error:
            if refused(error).code != "ResourceNotFoundException":
                raise refused(error) from None
