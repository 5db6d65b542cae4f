"""What each of Rekognition's operations does, on requests that were already validated."""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

from local.faces import shapes
from local.faces.collection import MODEL_VERSION, Collections
from local.faces.errors import InvalidParameter, NoSuchObject, PictureTooLarge
from local.faces.face import MAX_FACES, Face, similarities
from local.faces.pages import page

MAX_INLINE_BYTES: Final = 5_242_880
MAX_OBJECT_BYTES: Final = 15 * 1024 * 1024
MAX_PAGE: Final = 1000
"""Rekognition lists no more than this at once, whatever `MaxResults` says."""

DEFAULT_THRESHOLD: Final = 80.0
DEFAULT_MATCHES: Final = 80
"""How many matches are told unless `MaxFaces` says; AWS documents no figure, this one is ours."""

Request: TypeAlias = dict[str, Any]
Response: TypeAlias = dict[str, Any]

ReadObject: TypeAlias = Callable[[str, str, str | None], bytes | None]
"""(bucket, key, version or None) to the object's bytes, or None if there is none or no right."""


class Recogniser(Protocol):
    """What finds faces: `pool.Pool`, or an `Embedder` itself."""

    def faces(self, content: bytes, limit: int = ..., /) -> list[Face]:
        """The faces in a JPEG or PNG, largest first."""
        ...


class Operations:
    """One method for each operation, by its name on the wire. Thread-safe; methods block."""

    def __init__(
        self, recogniser: Recogniser, read_object: ReadObject, arn: Callable[[str], str]
    ) -> None:
        """`arn` makes a collection's ARN of its id."""
        self._recogniser = recogniser
        self._read_object = read_object
        self._arn = arn
        self._collections = Collections()
        self.by_name: Final[dict[str, Callable[[Request], Response]]] = {
            "CompareFaces": self.compare_faces,
            "CreateCollection": self.create_collection,
            "DeleteCollection": self.delete_collection,
            "DeleteFaces": self.delete_faces,
            "DescribeCollection": self.describe_collection,
            "DetectFaces": self.detect_faces,
            "IndexFaces": self.index_faces,
            "ListCollections": self.list_collections,
            "ListFaces": self.list_faces,
            "SearchFaces": self.search_faces,
            "SearchFacesByImage": self.search_faces_by_image,
        }

    def clear(self) -> None:
        """Forget every collection."""
        self._collections.clear()

    # --- pictures -------------------------------------------------------------

    def detect_faces(self, request: Request) -> Response:
        """Every face in the picture; none is an empty list."""
        found = self._recogniser.faces(self._picture(request["Image"]), MAX_FACES)
        return {"FaceDetails": [shapes.face_detail(face) for face in found]}

    def compare_faces(self, request: Request) -> Response:
        """The source's largest face against each of the target's."""
        source_picture = self._picture(request["SourceImage"])
        target_picture = self._picture(request["TargetImage"])
        source = self._largest(source_picture, InvalidParameter.sentence)
        targets = self._recogniser.faces(target_picture, MAX_FACES)
        if not targets:
            raise InvalidParameter
        vectors = np.array([face.vector for face in targets])
        alike = similarities(vectors, source.vector).tolist()
        compared = sorted(zip(alike, targets, strict=True), key=lambda each: -each[0])
        threshold = request.get("SimilarityThreshold", DEFAULT_THRESHOLD)
        return {
            "SourceImageFace": {
                "BoundingBox": shapes.bounding_box(source.box),
                "Confidence": source.confidence,
            },
            "FaceMatches": [
                {"Similarity": percent, "Face": shapes.face_detail(face)}
                for percent, face in compared
                if percent >= threshold
            ],
            "UnmatchedFaces": [
                shapes.face_detail(face) for percent, face in compared if percent < threshold
            ],
        }

    # --- collections ----------------------------------------------------------

    def create_collection(self, request: Request) -> Response:
        """Begin an empty collection."""
        name = request["CollectionId"]
        self._collections.create(name)
        return {
            "StatusCode": 200,
            "CollectionArn": _without_scheme(self._arn(name)),
            "FaceModelVersion": MODEL_VERSION,
        }

    def delete_collection(self, request: Request) -> Response:
        """Forget a collection and its faces."""
        self._collections.delete(request["CollectionId"])
        return {"StatusCode": 200}

    def describe_collection(self, request: Request) -> Response:
        """How many faces a collection knows."""
        name = request["CollectionId"]
        faces, created = self._collections.describe(name)
        return {
            "FaceCount": faces,
            "UserCount": 0,
            "FaceModelVersion": MODEL_VERSION,
            "CollectionARN": self._arn(name),
            "CreationTimestamp": created,
        }

    def list_collections(self, request: Request) -> Response:
        """Every collection's id, in pages."""
        names, token = page(self._collections.names(), str, *_page_asked(request))
        return _paged(
            {"CollectionIds": names, "FaceModelVersions": [MODEL_VERSION] * len(names)}, token
        )

    # --- known faces ----------------------------------------------------------

    def index_faces(self, request: Request) -> Response:
        """Keep the picture's faces, the largest first, at most `MaxFaces`."""
        name = request["CollectionId"]
        self._collections.describe(name)
        picture = self._picture(request["Image"])
        found = self._recogniser.faces(picture, MAX_FACES)
        most = request.get("MaxFaces", MAX_FACES)
        chosen, others = found[:most], found[most:]
        known = self._collections.index(name, picture, chosen, request.get("ExternalImageId"))
        return {
            "FaceRecords": [
                {"Face": shapes.known_face(kept), "FaceDetail": shapes.face_detail(face)}
                for kept, face in zip(known, chosen, strict=True)
            ],
            "UnindexedFaces": [
                {"Reasons": ["EXCEEDS_MAX_FACES"], "FaceDetail": shapes.face_detail(face)}
                for face in others
            ],
            "FaceModelVersion": MODEL_VERSION,
        }

    def list_faces(self, request: Request) -> Response:
        """The faces a collection knows, or those of `FaceIds`, in pages, the oldest first."""
        faces = self._collections.faces(request["CollectionId"])
        wanted = request.get("FaceIds")
        # No face belongs to a user here, so none is listed for one.
        chosen = [
            face
            for face in faces
            if "UserId" not in request and (wanted is None or face.face_id in wanted)
        ]
        listed, token = page(chosen, lambda face: face.number, *_page_asked(request))
        return _paged(
            {
                "Faces": [shapes.known_face(face) for face in listed],
                "FaceModelVersion": MODEL_VERSION,
            },
            token,
        )

    def delete_faces(self, request: Request) -> Response:
        """Forget these faces; ids that were not there are named apart."""
        asked = list(dict.fromkeys(request["FaceIds"]))
        removed = self._collections.remove(request["CollectionId"], asked)
        return {
            "DeletedFaces": removed,
            "UnsuccessfulFaceDeletions": [
                {"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]}
                for face_id in asked
                if face_id not in removed
            ],
        }

    def search_faces(self, request: Request) -> Response:
        """Known faces like one known face, itself left out."""
        name, face_id = request["CollectionId"], request["FaceId"]
        face = self._collections.face(name, face_id)
        if face is None:
            raise InvalidParameter(f"Unable to find face with id: {face_id}")
        threshold, most = _search_asked(request)
        matches = self._collections.search(name, face.vector, threshold, most + 1)
        others = [match for match in matches if match.face.face_id != face_id][:most]
        return {
            "SearchedFaceId": face_id,
            "FaceMatches": shapes.face_matches(others),
            "FaceModelVersion": MODEL_VERSION,
        }

    def search_faces_by_image(self, request: Request) -> Response:
        """Known faces like the largest face in the picture, the likest first."""
        name = request["CollectionId"]
        self._collections.describe(name)
        face = self._largest(
            self._picture(request["Image"]),
            "There are no faces in the image. Should be at least 1.",
        )
        matches = self._collections.search(name, face.vector, *_search_asked(request))
        return {
            "SearchedFaceBoundingBox": shapes.bounding_box(face.box),
            "SearchedFaceConfidence": face.confidence,
            "FaceMatches": shapes.face_matches(matches),
            "FaceModelVersion": MODEL_VERSION,
        }

    # --- pictures, fetched ----------------------------------------------------

    def _largest(self, picture: bytes, otherwise: str) -> Face:
        found = self._recogniser.faces(picture, 1)
        if not found:
            raise InvalidParameter(otherwise)
        return found[0]

    def _picture(self, image: dict[str, Any]) -> bytes:
        """The bytes of an `Image`. Raises PictureTooLarge, NoSuchObject, InvalidParameter."""
        match image:
            case {"Bytes": bytes() as content, **others} if not others:
                return _within(MAX_INLINE_BYTES, content)
            case {"S3Object": {"Bucket": str(bucket), "Name": str(key)} as place, **others} if (
                not others
            ):
                stored = self._read_object(bucket, key, place.get("Version"))
                if stored is None:
                    raise NoSuchObject
                return _within(MAX_OBJECT_BYTES, stored)
        raise InvalidParameter


def _within(most: int, content: bytes) -> bytes:
    if len(content) > most:
        raise PictureTooLarge
    return content


def _without_scheme(arn: str) -> str:
    """CreateCollection, unlike DescribeCollection, answers `aws:rekognition:…`."""
    return arn.removeprefix("arn:")


def _page_asked(request: Request) -> tuple[int, str | None]:
    # Zero, which the model allows, asks for AWS's own size.
    size = request.get("MaxResults") or MAX_PAGE
    return min(size, MAX_PAGE), request.get("NextToken")


def _paged(response: Response, token: str | None) -> Response:
    return {**response, "NextToken": token} if token else response


def _search_asked(request: Request) -> tuple[float, int]:
    return (
        request.get("FaceMatchThreshold", DEFAULT_THRESHOLD),
        request.get("MaxFaces", DEFAULT_MATCHES),
    )
