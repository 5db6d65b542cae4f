"""What Rekognition does, on requests that were already validated: the operations that the state
machines, the functions and the operator's commands call, and ListFaces to look at what they did.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from local.faces import shapes
from local.faces.collection import MODEL_VERSION, Collections
from local.faces.errors import InvalidParameter, NoSuchObject, PictureTooLarge
from local.faces.face import MAX_FACES, Face

MAX_INLINE_BYTES: Final = 5_242_880
MAX_OBJECT_BYTES: Final = 15 * 1024 * 1024
DEFAULT_THRESHOLD: Final = 80.0
DEFAULT_MATCHES: Final = 80
"""How many matches are told unless `MaxFaces` says; AWS documents no figure, this one is ours."""

Request: TypeAlias = dict[str, Any]
Response: TypeAlias = dict[str, Any]

ReadObject: TypeAlias = Callable[[str, str, str | None], bytes | None]
"""(bucket, key, version or None) to the object's bytes, or None if there is none or no right."""


LEAST_WIDTH: Final = 0.06
LEAST_BRIGHTNESS: Final = 20.0
"""What a face needs to be indexed under a quality filter: its share of the picture's width, and
percent. AWS documents no figures; these are ours.
"""


def unfit(face: Face) -> list[str]:
    """Why a quality filter leaves this face out, in Rekognition's words; [] if it does not."""
    reasons = []
    if face.box.width < LEAST_WIDTH:
        reasons.append("SMALL_BOUNDING_BOX")
    if face.quality.brightness < LEAST_BRIGHTNESS:
        reasons.append("LOW_BRIGHTNESS")
    return reasons


class Recogniser(Protocol):
    """What finds faces: `pool.Pool`, or an `Embedder` itself."""

    def faces(self, content: bytes, limit: int = ..., /) -> list[Face]:
        """The faces in a JPEG or PNG, largest first."""
        ...


class Operations:
    """One method for each operation, by its name on the wire. Thread-safe; methods block."""

    def __init__(
        self,
        recogniser: Recogniser,
        read_object: ReadObject,
        arn: Callable[[str], str],
        collections: Collections | None = None,
    ) -> None:
        """`arn` makes a collection's ARN of its id; `collections` may be known already."""
        self._recogniser = recogniser
        self._read_object = read_object
        self._arn = arn
        self._collections = Collections() if collections is None else collections
        self.by_name: Final[dict[str, Callable[[Request], Response]]] = {
            "CreateCollection": self.create_collection,
            "DeleteCollection": self.delete_collection,
            "DeleteFaces": self.delete_faces,
            "IndexFaces": self.index_faces,
            "ListCollections": self.list_collections,
            "ListFaces": self.list_faces,
            "SearchFacesByImage": self.search_faces_by_image,
        }

    def clear(self) -> None:
        """Forget every collection."""
        self._collections.clear()

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

    def list_collections(self, request: Request) -> Response:
        """The ids of all collections; pages are not served."""
        if request:
            raise InvalidParameter("Here ListCollections takes nothing, and lists all")
        return {
            "CollectionIds": sorted(each.name for each in self._collections.all()),
            "FaceModelVersions": [MODEL_VERSION for _ in self._collections.all()],
        }

    # --- known faces ----------------------------------------------------------

    def index_faces(self, request: Request) -> Response:
        """Keep the picture's faces, the largest first, at most `MaxFaces`."""
        name = request["CollectionId"]
        self._collections.check(name)
        picture = self._picture(request["Image"])
        found = self._recogniser.faces(picture, MAX_FACES)
        most = request.get("MaxFaces", MAX_FACES)
        strict = request.get("QualityFilter", "AUTO") != "NONE"
        fit = [face for face in found if not (strict and unfit(face))]
        chosen = fit[:most]
        others = [face for face in found if not any(face is each for each in chosen)]
        known = self._collections.index(name, picture, chosen, request.get("ExternalImageId"))
        return {
            "FaceRecords": [
                {"Face": shapes.known_face(kept), "FaceDetail": shapes.face_detail(face)}
                for kept, face in zip(known, chosen, strict=True)
            ],
            "UnindexedFaces": [
                {
                    "Reasons": (unfit(face) if strict else []) or ["EXCEEDS_MAX_FACES"],
                    "FaceDetail": shapes.face_detail(face),
                }
                for face in others
            ],
            "FaceModelVersion": MODEL_VERSION,
        }

    def list_faces(self, request: Request) -> Response:
        """Every face a collection knows, the oldest first; pages and choices are not served."""
        if set(request) != {"CollectionId"}:
            raise InvalidParameter("Here ListFaces takes a CollectionId, and lists all its faces")
        faces = self._collections.faces(request["CollectionId"])
        return {
            "Faces": [shapes.known_face(face) for face in faces],
            "FaceModelVersion": MODEL_VERSION,
        }

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

    def search_faces_by_image(self, request: Request) -> Response:
        """Known faces like the largest face in the picture, the likest first."""
        name = request["CollectionId"]
        self._collections.check(name)
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
    """What CreateCollection answers begins with `aws:rekognition:`."""
    return arn.removeprefix("arn:")


def _search_asked(request: Request) -> tuple[float, int]:
    return (
        request.get("FaceMatchThreshold", DEFAULT_THRESHOLD),
        request.get("MaxFaces", DEFAULT_MATCHES),
    )
