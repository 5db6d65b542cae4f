"""Every operation through boto3: its answer has the model's shape, and is the right one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from demo.people import Person, door_photo, empty_doorstep, group_photo, portrait
from local.faces import broken
from tests.local.faces.photos import turned

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

EILEEN, GRACE, STRANGER = portrait(Person.EILEEN), portrait(Person.GRACE), portrait(Person.STRANGER)


@pytest.fixture
def residents(rekognition: "RekognitionClient") -> dict[str, str]:
    """A collection `home` that knows Eileen and Grace: their names to their FaceIds."""
    rekognition.create_collection(CollectionId="home")
    return {
        name: rekognition.index_faces(
            CollectionId="home", Image={"Bytes": picture}, ExternalImageId=name
        )["FaceRecords"][0]["Face"]["FaceId"]
        for name, picture in (("eileen", EILEEN), ("grace", GRACE))
    }


def code_of(call: Callable[..., object], **request: Any) -> tuple[str, str]:
    """The error's name and sentence."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


# --- collections --------------------------------------------------------------


def test_a_collection_lives_from_its_creation_to_its_deletion(
    rekognition: "RekognitionClient",
) -> None:
    created = rekognition.create_collection(CollectionId="home")
    assert created["CollectionArn"].endswith(":collection/home")
    assert rekognition.list_faces(CollectionId="home")["Faces"] == []
    assert rekognition.list_collections()["CollectionIds"] == ["home"]
    deleted = rekognition.delete_collection(CollectionId="home")
    assert created["StatusCode"] == deleted["StatusCode"] == 200
    with pytest.raises(rekognition.exceptions.ResourceNotFoundException):
        rekognition.list_faces(CollectionId="home")
    assert rekognition.list_collections()["CollectionIds"] == []
    refused = code_of(rekognition.list_collections, MaxResults=1)
    assert refused[0] == "InvalidParameterException"


def test_a_second_collection_of_the_same_name_is_refused(rekognition: "RekognitionClient") -> None:
    """Creating twice is ResourceAlreadyExistsException."""
    rekognition.create_collection(CollectionId="home")
    with pytest.raises(rekognition.exceptions.ResourceAlreadyExistsException):
        rekognition.create_collection(CollectionId="home")


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("delete_collection", {}),
        ("list_faces", {}),
        ("delete_faces", {"FaceIds": ["00000000-0000-0000-0000-000000000000"]}),
        ("search_faces_by_image", {"Image": {"Bytes": EILEEN}}),
        ("index_faces", {"Image": {"Bytes": EILEEN}}),
    ],
)
def test_an_unknown_collection_is_named(
    rekognition: "RekognitionClient", operation: str, request_: dict[str, Any]
) -> None:
    """Whatever is asked of a collection that is not there is ResourceNotFoundException."""
    with pytest.raises(rekognition.exceptions.ResourceNotFoundException, match="nowhere"):
        getattr(rekognition, operation)(CollectionId="nowhere", **request_)


# --- indexing -----------------------------------------------------------------


def test_an_indexed_face_is_listed(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """ListFaces gives each face with its ids, in the order they came."""
    faces = rekognition.list_faces(CollectionId="home")["Faces"]
    assert [(face["ExternalImageId"], face["FaceId"]) for face in faces] == list(residents.items())


def test_the_same_picture_twice_is_one_face(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """Same bytes and external id give the same FaceId; another external id gives another face."""

    def face_of(external: str) -> Any:
        return rekognition.index_faces(
            CollectionId="home", Image={"Bytes": EILEEN}, ExternalImageId=external
        )["FaceRecords"][0]["Face"]

    again, other = face_of("eileen"), face_of("other")
    assert again["FaceId"] == residents["eileen"]
    assert other["FaceId"] not in residents.values()
    assert len(rekognition.list_faces(CollectionId="home")["Faces"]) == 3


def test_a_face_deleted_and_indexed_again_is_a_new_face(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """A FaceId is never given out again once its face was deleted."""
    rekognition.delete_faces(CollectionId="home", FaceIds=[residents["eileen"]])
    again = rekognition.index_faces(
        CollectionId="home", Image={"Bytes": EILEEN}, ExternalImageId="eileen"
    )
    assert again["FaceRecords"][0]["Face"]["FaceId"] != residents["eileen"]


def test_max_faces_keeps_the_largest_and_names_the_others(
    rekognition: "RekognitionClient",
) -> None:
    """IndexFaces keeps the largest first; the rest are unindexed, with the reason."""
    rekognition.create_collection(CollectionId="home")
    five = group_photo(*[(person, apart) for person, apart in FIVE])
    one = rekognition.index_faces(
        CollectionId="home", Image={"Bytes": five}, MaxFaces=1, QualityFilter="NONE"
    )
    every = rekognition.index_faces(
        CollectionId="home", Image={"Bytes": five}, QualityFilter="NONE"
    )
    heights = [record["FaceDetail"]["BoundingBox"]["Height"] for record in every["FaceRecords"]]
    assert [face["Reasons"] for face in one["UnindexedFaces"]] == [["EXCEEDS_MAX_FACES"]] * 4
    assert heights == sorted(heights, reverse=True)
    assert len(heights) == 5
    assert one["FaceRecords"][0]["Face"] == every["FaceRecords"][0]["Face"]


def test_a_quality_filter_leaves_out_small_and_dark_faces_and_says_why(
    rekognition: "RekognitionClient",
) -> None:
    """AUTO is IndexFaces' default: what it leaves out can be told to whoever took the photo."""
    rekognition.create_collection(CollectionId="home")
    five = group_photo(*[(person, apart) for person, apart in FIVE])
    small = rekognition.index_faces(CollectionId="home", Image={"Bytes": five})
    reasons = [face["Reasons"] for face in small["UnindexedFaces"]]
    assert reasons
    assert all(each == ["SMALL_BOUNDING_BOX"] for each in reasons)
    assert len(reasons) + len(small["FaceRecords"]) == 5
    night = door_photo(Person.EILEEN, light=0.28)
    dark = rekognition.index_faces(CollectionId="home", Image={"Bytes": night})
    assert [face["Reasons"] for face in dark["UnindexedFaces"]] == [["LOW_BRIGHTNESS"]]
    assert dark["FaceRecords"] == []


FIVE = [
    (Person.EILEEN, 40),
    (Person.GRACE, 70),
    (Person.EILEEN, 34),
    (Person.EILEEN, 30),
    (Person.EILEEN, 36),
]
"""Grace in front, second from the left."""


def test_a_face_is_told_with_its_place_and_pose(rekognition: "RekognitionClient") -> None:
    """IndexFaces gives the face with its eyes where they are."""
    rekognition.create_collection(CollectionId="home")
    answer = rekognition.index_faces(CollectionId="home", Image={"Bytes": EILEEN})
    detail = answer["FaceRecords"][0]["FaceDetail"]
    eyes = {mark["Type"]: mark["X"] for mark in detail["Landmarks"]}
    assert eyes["eyeLeft"] < eyes["nose"] < eyes["eyeRight"]
    assert abs(detail["Pose"]["Roll"]) < 5


def test_a_picture_without_a_face_indexes_nothing(rekognition: "RekognitionClient") -> None:
    """IndexFaces of an empty doorstep is no error: it keeps no face."""
    rekognition.create_collection(CollectionId="home")
    answer = rekognition.index_faces(CollectionId="home", Image={"Bytes": empty_doorstep()})
    assert answer["FaceRecords"] == answer["UnindexedFaces"] == []


# --- searching ----------------------------------------------------------------


@pytest.mark.parametrize(("person", "name"), [(Person.EILEEN, "eileen"), (Person.GRACE, "grace")])
def test_a_resident_at_the_door_is_found(
    rekognition: "RekognitionClient", residents: dict[str, str], person: Person, name: str
) -> None:
    """A door's photo of a resident finds that resident alone, at S >= 99."""
    answer = rekognition.search_faces_by_image(
        CollectionId="home", Image={"Bytes": door_photo(person, 3)}, FaceMatchThreshold=50
    )
    (match,) = answer["FaceMatches"]
    assert match["Face"]["FaceId"] == residents[name]
    assert match["Similarity"] >= 99
    assert answer["SearchedFaceConfidence"] > 90
    assert 0 < answer["SearchedFaceBoundingBox"]["Width"] < 1


def test_a_camera_held_sideways_is_no_matter(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """EXIF rotation is applied before anybody looks."""
    answer = rekognition.search_faces_by_image(
        CollectionId="home", Image={"Bytes": turned(door_photo(Person.EILEEN), 6)}
    )
    assert [match["Face"]["ExternalImageId"] for match in answer["FaceMatches"]] == ["eileen"]


def test_a_stranger_at_the_door_is_nobody(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """A stranger's photo matches no resident, and that is no error."""
    answer = rekognition.search_faces_by_image(
        CollectionId="home", Image={"Bytes": door_photo(Person.STRANGER)}
    )
    assert answer["FaceMatches"] == []


def test_only_the_largest_face_is_searched(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """Four Eileens behind one Grace are not looked at."""
    answer = rekognition.search_faces_by_image(
        CollectionId="home", Image={"Bytes": group_photo(*FIVE)}
    )
    assert [match["Face"]["ExternalImageId"] for match in answer["FaceMatches"]] == ["grace"]


def test_matches_come_the_likest_first_and_at_most_max_faces(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """FaceMatches descend, reach down to the threshold, and MaxFaces cuts the end off."""

    def found(**more: Any) -> list[float]:
        answer = rekognition.search_faces_by_image(
            CollectionId="home",
            Image={"Bytes": door_photo(Person.STRANGER)},
            FaceMatchThreshold=0,
            **more,
        )
        return [match["Similarity"] for match in answer["FaceMatches"]]

    every = found()
    assert len(every) == 2
    assert every == sorted(every, reverse=True)
    assert found(MaxFaces=1) == every[:1]


@pytest.mark.parametrize(("above", "matches"), [(0.5, 0), (-0.5, 1)])
def test_the_threshold_decides(
    rekognition: "RekognitionClient", residents: dict[str, str], above: float, matches: int
) -> None:
    """A face just under FaceMatchThreshold is no match; just over it is one."""
    request: dict[str, Any] = {
        "CollectionId": "home",
        "Image": {"Bytes": door_photo(Person.STRANGER)},
        "MaxFaces": 1,
    }
    best = rekognition.search_faces_by_image(**request, FaceMatchThreshold=0)["FaceMatches"][0]
    answer = rekognition.search_faces_by_image(
        **request, FaceMatchThreshold=best["Similarity"] + above
    )
    assert len(answer["FaceMatches"]) == matches


def test_a_search_in_an_empty_collection_finds_nobody(rekognition: "RekognitionClient") -> None:
    """A collection without faces gives no matches and no error."""
    rekognition.create_collection(CollectionId="home")
    answer = rekognition.search_faces_by_image(CollectionId="home", Image={"Bytes": EILEEN})
    assert answer["FaceMatches"] == []


def test_no_face_is_said_in_rekognitions_own_words(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """SearchFacesByImage of an empty doorstep is InvalidParameterException with that sentence."""
    assert code_of(
        rekognition.search_faces_by_image,
        CollectionId="home",
        Image={"Bytes": empty_doorstep()},
    ) == (
        "InvalidParameterException",
        "There are no faces in the image. Should be at least 1.",
    )


# --- listing and deleting -----------------------------------------------------


def test_faces_are_listed_all_or_not_at_all(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """Pages and choices are refused, rather than passed over in silence."""
    choices: list[Any] = [{"MaxResults": 1}, {"NextToken": "x"}, {"FaceIds": [residents["grace"]]}]
    for choice in choices:
        with pytest.raises(rekognition.exceptions.InvalidParameterException):
            rekognition.list_faces(CollectionId="home", **choice)


def test_a_deleted_face_is_found_no_more(
    rekognition: "RekognitionClient", residents: dict[str, str]
) -> None:
    """DeleteFaces forgets the face, says which ids were not there, and a search agrees."""
    nobody = "00000000-0000-0000-0000-000000000000"
    answer = rekognition.delete_faces(CollectionId="home", FaceIds=[residents["eileen"], nobody])
    found = rekognition.search_faces_by_image(CollectionId="home", Image={"Bytes": EILEEN})
    assert answer["DeletedFaces"] == [residents["eileen"]]
    assert answer["UnsuccessfulFaceDeletions"] == [
        {"FaceId": nobody, "Reasons": ["FACE_NOT_FOUND"]}
    ]
    assert found["FaceMatches"] == []


# --- pictures that are refused ------------------------------------------------


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (broken.truncated_jpeg, "InvalidImageFormatException"),
        (broken.text_named_jpeg, "InvalidImageFormatException"),
        (broken.gif, "InvalidImageFormatException"),
        (broken.tiny_jpeg, "InvalidParameterException"),
        (broken.png_bomb, "ImageTooLargeException"),
        (lambda: broken.png_bomb(9_999), "ImageTooLargeException"),
        (lambda: broken.heavy_jpeg(5_242_881), "ImageTooLargeException"),
    ],
    ids=["truncated", "text", "gif", "79px", "bomb", "100Mpx", "5MB"],
)
def test_a_bad_picture_is_named(
    rekognition: "RekognitionClient", make: Callable[[], bytes], code: str
) -> None:
    """Each kind of bad picture has Rekognition's own name."""
    rekognition.create_collection(CollectionId="home")
    assert code_of(rekognition.index_faces, CollectionId="home", Image={"Bytes": make()})[0] == code


def test_s3_takes_larger_pictures_than_the_wire(
    rekognition: "RekognitionClient", objects: dict[tuple[str, str], bytes]
) -> None:
    """Between 5 and 15 MB a picture passes from S3; over 15 MB it is too large there also."""
    rekognition.create_collection(CollectionId="home")
    objects["bucket", "large.jpeg"] = broken.heavy_jpeg(6_000_000)
    objects["bucket", "larger.jpeg"] = broken.heavy_jpeg()
    large: Any = {"S3Object": {"Bucket": "bucket", "Name": "large.jpeg"}}
    answer = rekognition.index_faces(CollectionId="home", Image=large)
    assert len(answer["FaceRecords"]) == 1
    larger: Any = {"S3Object": {"Bucket": "bucket", "Name": "larger.jpeg"}}
    with pytest.raises(rekognition.exceptions.ImageTooLargeException):
        rekognition.index_faces(CollectionId="home", Image=larger)


def test_an_object_that_is_not_there_is_named(rekognition: "RekognitionClient") -> None:
    """A missing S3 object is InvalidS3ObjectException with AWS's sentence."""
    rekognition.create_collection(CollectionId="home")
    code, sentence = code_of(
        rekognition.index_faces,
        CollectionId="home",
        Image={"S3Object": {"Bucket": "bucket", "Name": "nothing.jpeg"}},
    )
    assert code == "InvalidS3ObjectException"
    assert sentence.startswith("Unable to get object metadata from S3.")


@pytest.mark.parametrize(
    "image",
    [
        {},
        {"S3Object": {"Bucket": "bucket"}},
        {"Bytes": EILEEN, "S3Object": {"Bucket": "bucket", "Name": "key"}},
    ],
)
def test_an_image_is_bytes_or_an_object(rekognition: "RekognitionClient", image: Any) -> None:
    """Neither, half, or both of the two is InvalidParameterException."""
    rekognition.create_collection(CollectionId="home")
    with pytest.raises(rekognition.exceptions.InvalidParameterException):
        rekognition.index_faces(CollectionId="home", Image=image)
