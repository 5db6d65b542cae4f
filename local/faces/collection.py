"""Collections of known faces, in memory, searched by one matrix product.

Thread-safe: every method takes the store's lock, and what it gives out does not change.
"""

import hashlib
import threading
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from local.faces.errors import CollectionExists, NoSuchCollection
from local.faces.face import Box, Face, Vector, similarities

MODEL_VERSION: Final = "1.0"
"""What `FaceModelVersion` says; AWS says 7.0, whose numbers are not these."""


class Source(NamedTuple):
    """What makes two indexings the same one: the picture's bytes, the external id, which face."""

    digest: bytes
    external_image_id: str | None
    rank: int


class KnownFace(NamedTuple):
    """A face that was indexed."""

    face_id: str
    image_id: str
    source: Source
    box: Box
    confidence: float
    vector: Vector

    @property
    def external_image_id(self) -> str | None:
        """What its indexer calls it."""
        return self.source.external_image_id


class Match(NamedTuple):
    """A known face and how alike it is, in percent."""

    similarity: float
    face: KnownFace


@dataclass
class Collection:
    """One collection's faces, by FaceId, in the order they came."""

    name: str
    faces: dict[str, KnownFace] = field(default_factory=dict)
    sources: dict[Source, str] = field(default_factory=dict)
    vectors: Vector | None = None

    def matrix(self) -> Vector:
        """Every vector, shape (faces, 128); kept until a face comes or goes."""
        if self.vectors is None:
            rows = [face.vector for face in self.faces.values()]
            self.vectors = np.array(rows, np.float32).reshape(len(rows), 128)
        return self.vectors


class Collections:
    """All collections of this server. Every method raises NoSuchCollection for an unknown name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._collections: dict[str, Collection] = {}

    def create(self, name: str) -> None:
        """Begin an empty collection. Raises CollectionExists."""
        with self._lock:
            if name in self._collections:
                raise CollectionExists(f"The collection id: {name} already exists")
            self._collections[name] = Collection(name)

    def delete(self, name: str) -> None:
        """Forget a collection and every face in it."""
        with self._lock:
            del self._collections[self._named(name).name]

    def check(self, name: str) -> None:
        """Raises NoSuchCollection if there is none of this name."""
        with self._lock:
            self._named(name)

    def index(
        self, name: str, picture: bytes, faces: Sequence[Face], external_image_id: str | None
    ) -> list[KnownFace]:
        """Keep `faces`, found in `picture`; one that was kept from it before is given out again.

        That holds for the same picture with the same external id, as on AWS.
        """
        digest = hashlib.sha256(picture).digest()
        with self._lock:
            collection = self._named(name)
            return [
                self._keep(collection, Source(digest, external_image_id, rank), face)
                for rank, face in enumerate(faces)
            ]

    def search(self, name: str, vector: Vector, threshold: float, limit: int) -> list[Match]:
        """The faces at least `threshold` percent alike, the likest first, at most `limit`."""
        with self._lock:
            collection = self._named(name)
            faces, matrix = list(collection.faces.values()), collection.matrix()
        alike = similarities(matrix, vector)
        likest = np.argsort(-alike, kind="stable")[:limit]
        return [Match(float(alike[i]), faces[i]) for i in likest if alike[i] >= threshold]

    def faces(self, name: str) -> list[KnownFace]:
        """Every known face, in the order they were indexed."""
        with self._lock:
            return list(self._named(name).faces.values())

    def remove(self, name: str, face_ids: Iterable[str]) -> list[str]:
        """Forget these faces; the ids that were there."""
        with self._lock:
            collection = self._named(name)
            removed = [id_ for id_ in dict.fromkeys(face_ids) if collection.faces.pop(id_, None)]
            gone = set(removed)
            collection.sources = {
                source: id_ for source, id_ in collection.sources.items() if id_ not in gone
            }
            collection.vectors = None
            return removed

    def all(self) -> list[Collection]:
        """Every collection, only to be read."""
        with self._lock:
            return list(self._collections.values())

    def put_back(self, name: str, face: KnownFace) -> None:
        """A face that was indexed before a restart."""
        with self._lock:
            _add(self._named(name), face)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._collections.clear()

    def _named(self, name: str) -> Collection:
        try:
            return self._collections[name]
        except KeyError:
            raise NoSuchCollection(f"The collection id: {name} does not exist") from None

    def _keep(self, collection: Collection, source: Source, face: Face) -> KnownFace:
        if source in collection.sources:
            return collection.faces[collection.sources[source]]
        known = KnownFace(
            face_id=str(uuid.uuid4()),
            image_id=_image_id(source),
            source=source,
            box=face.box,
            confidence=face.confidence,
            vector=face.vector,
        )
        _add(collection, known)
        return known


def _add(collection: Collection, face: KnownFace) -> None:
    collection.faces[face.face_id] = face
    collection.sources[face.source] = face.face_id
    collection.vectors = None


def _image_id(source: Source) -> str:
    """One id for one picture under one external id, whichever of its faces is meant."""
    name = source.digest + (source.external_image_id or "").encode()
    return str(uuid.UUID(bytes=hashlib.sha256(name).digest()[:16], version=4))
