"""IndexFaces' answers, as the state machine `enrol` hands them on, and photos that were deleted."""

from __future__ import annotations

from typing import Any

import pytest

from doorbell.protocol import Enrolled, EnrolmentFailed
from functions.enrolment import forget_photo, record_faces
from functions.enrolment.photo import enrols
from tests.fakes import FOREIGN_PHONE, KITCHEN, FakeServices, make_services

KEY = "residents/home/Ada/1.jpeg"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_HOME", "home")
    monkeypatch.setenv("OWNER", "Owner")


def box(area: float) -> dict[str, float]:
    """A box of this share of the picture."""
    return {"Left": 0.1, "Top": 0.1, "Width": area, "Height": 1.0}


def indexed(face: str | None, *others: float, area: float = 0.2) -> dict[str, Any]:
    """IndexFaces' answer: the face it kept, and those it reports as unindexed."""
    kept = [{"Face": {"FaceId": face, "BoundingBox": box(area)}}] if face else []
    seen = [
        {"Reasons": ["EXCEEDS_MAX_FACES"], "FaceDetail": {"BoundingBox": box(other)}}
        for other in others
    ]
    return {"FaceRecords": kept, "UnindexedFaces": seen, "FaceModelVersion": "7.0"}


def recorded(made: FakeServices, seen: dict[str, Any], key: str = KEY) -> None:
    """Run the job as the state machine does."""
    record_faces.handle(made.registry, {"do": "record_faces", "key": key, "seen": seen})


def test_one_face_is_recorded() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    recorded(made, indexed("a1"))
    assert made.residents.of_face("home", "a1") == "Ada"
    assert made.heard(phone) == [Enrolled("Ada", 1, "1")]


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (indexed("a1", 0.19), "several_faces"),
        (indexed("a1", 0.001, 0.05), "several_faces"),
        (indexed(None), "no_face"),
        (indexed(None, 0.2), "no_face"),
        ({}, "no_face"),
        ({"FaceRecords": None, "UnindexedFaces": None}, "no_face"),
    ],
)
def test_guests_and_empty_pictures_enrol_nobody(seen: dict[str, Any], reason: str) -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    recorded(made, seen)
    assert made.heard(phone) == [EnrolmentFailed("Ada", reason, "1")]  # type: ignore[arg-type]
    assert made.residents.faces == {}
    assert made.faces.removed == [
        ("home", r["Face"]["FaceId"]) for r in seen.get("FaceRecords") or []
    ]


def test_a_small_face_in_the_background_is_no_guest() -> None:
    made = make_services()
    recorded(made, indexed("a1", 0.049))
    assert made.residents.of_face("home", "a1") == "Ada"


def test_an_event_told_twice_and_a_photo_put_again_leave_one_face() -> None:
    """Rekognition gives the same picture a new id each time it is asked."""
    made = make_services()
    for face in ("a1", "a1", "a2"):
        recorded(made, indexed(face))
    assert made.residents.faces == {("home", "a2"): "Ada"}
    assert made.faces.removed == [("home", "a1")]


def test_the_owners_photo_lies_at_the_root() -> None:
    made = make_services()
    recorded(made, indexed("o1"), "source.jpeg")
    assert made.residents.of_face("home", "o1") == "Owner"


@pytest.mark.parametrize("key", ["residents/home/Ada/more/1.jpeg", "residents/home//1.jpeg"])
def test_a_face_of_no_resident_does_not_stay_in_the_collection(key: str) -> None:
    """Else it would stand before a resident's in a search, and the resident be a stranger."""
    made = make_services()
    phone = made.connect(KITCHEN)
    recorded(made, indexed("stray"), key)
    assert made.residents.faces == {}
    assert made.faces.removed == [("home", "stray")]
    resident = key.split("/")[2]
    assert made.heard(phone) == [EnrolmentFailed(resident, "misplaced", key)]


@pytest.mark.parametrize("key", ["residents/Home/Ada/1.jpeg", "residents/Ada/1.jpeg", "source.d/1"])
def test_what_lies_in_no_residents_place_is_told(key: str) -> None:
    """Whoever copied it there by hand would wait for ever."""
    made = make_services()
    phone, other = made.connect(KITCHEN), made.connect(FOREIGN_PHONE)
    record_faces.handle(made.registry, {"key": key, "reason": "misplaced", "seen": {}})
    (said,) = made.heard(phone)
    assert isinstance(said, EnrolmentFailed)
    assert (said.reason, said.photo) == ("misplaced", key)
    assert made.heard(other) == []
    assert made.faces.removed == []


@pytest.mark.parametrize("name", ["1.jpg", "1.JPEG", "1.png"])
def test_a_photo_of_any_ending_enrols(name: str) -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    recorded(made, indexed("a1"), f"residents/home/Ada/{name}")
    assert made.heard(phone) == [Enrolled("Ada", 1, name)]
    deleted(made, f"residents/home/Ada/{name}")
    assert made.residents.faces == {}


@pytest.mark.parametrize("reason", ["no_face", "unreadable", "unavailable"])
def test_why_rekognition_failed_is_told(reason: str) -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    record_faces.handle(made.registry, {"do": "record_faces", "key": KEY, "reason": reason})
    assert made.heard(phone) == [EnrolmentFailed("Ada", reason, "1")]  # type: ignore[arg-type]


def deleted(made: FakeServices, key: str) -> None:
    """S3's word that an object is deleted."""
    event = {"detail-type": "Object Deleted", "detail": {"object": {"key": key}}}
    forget_photo.handle(made.registry, event)


def test_deleting_one_of_two_photos_forgets_its_own_face() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    recorded(made, indexed("a1"))
    recorded(made, indexed("a2"), "residents/home/Ada/2.jpeg")
    deleted(made, KEY)
    assert made.residents.faces == {("home", "a2"): "Ada"}
    assert made.faces.removed == [("home", "a1")]
    assert made.heard(phone)[-1] == Enrolled("Ada", 1, "1")


def test_deleting_a_visitors_photo_forgets_nobody() -> None:
    made = make_services()
    recorded(made, indexed("a1"))
    deleted(made, "guest/home/ring-1/photo.jpeg")
    assert made.residents.count_faces("home", "Ada") == 1


def test_whom_a_photo_enrols_depends_on_the_deployment() -> None:
    photo = enrols("source.jpeg", "0A", {"DEFAULT_HOME": "cottage", "OWNER": "Zoë"})
    assert photo
    assert (photo.home, photo.resident) == ("cottage", "Zoë")
