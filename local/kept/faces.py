"""The faces that Rekognition knows, with the same ids and the same numbers after a restart."""

from collections.abc import Mapping
from typing import Any

from local.faces.collection import Collections, KnownFace
from local.faces.records import read_face, record_of
from local.kept.store import Content, Name, Owner


class Faces:
    """All collections: a record for each, and one for each face."""

    owner = Owner("face", "")

    def __init__(self, collections: Collections) -> None:
        self._collections = collections

    def held(self) -> dict[Name, Any]:
        """Collections by their names; faces by their collection's and their own."""
        found: dict[Name, Any] = {}
        for collection in self._collections.all():
            found[(collection.name,)] = collection
            # Other threads index meanwhile: the list is made at one stroke.
            faces = list(collection.faces.values())
            found |= {(collection.name, face.face_id): face for face in faces}
        return found

    def packed(self, thing: Any) -> Content:
        """Of a collection there is only the name to keep."""
        return Content(*record_of(thing)) if isinstance(thing, KnownFace) else Content({})

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """In the order in which they came."""
        for name, (fields, body) in records.items():
            match name:
                case (collection,):
                    self._collections.create(collection)
                case (collection, _):
                    self._collections.put_back(collection, read_face(fields, body))
