"""Rekognition: one collection of faces for each home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.homes import collection_id

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients


class Collections:
    """`doorbell.ports.Faces`: one Rekognition collection for each home."""

    def __init__(self, clients: Clients, prefix: str) -> None:
        self._clients = clients
        self._prefix = prefix

    def remove(self, home: str, faces: list[str]) -> None:
        """Forget these faces."""
        if not faces:
            return
        collection = collection_id(self._prefix, home)
        try:
            self._clients.rekognition.delete_faces(CollectionId=collection, FaceIds=faces)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
