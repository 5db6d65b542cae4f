"""The machine `enrol` on the one machine: whose face a photo gave, or why none."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import pytest

from demo.people import Person, empty_doorstep, group_photo, portrait
from doorbell.protocol import Enrolled, EnrolmentFailed
from local.faces import broken
from tests.statemachines.scene import Scene, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.device import Device
    from tests.template.sources import Tree

_numbers = count(1)
OWNER: Final = "owner"


@pytest.fixture
def home(hasty: Scene) -> Scene:
    """A home of its own for each test, with a collection of its own."""
    return hasty.beside(f"flat-{next(_numbers)}")


@pytest.fixture
def phone(home: Scene) -> Iterator[Device]:
    """The phone of this home."""
    with home.connected("phone") as device:
        yield device


def key_of(home: Scene, resident: str, name: str = "a") -> str:
    """Where a resident's photo is put."""
    return f"residents/{home.home}/{resident}/{name}.jpeg"


def test_the_owner_is_enrolled_by_one_photo_at_the_root(hasty: Scene) -> None:
    """`source.jpeg`, as project-doorbell's README has it: the default home's owner."""
    hasty.put("source.jpeg", portrait(Person.EILEEN))
    (enrol,) = hasty.works.started_for("Enrol", "source.jpeg")
    assert hasty.works.ended(enrol) == "SUCCEEDED"
    (face,) = hasty.faces(hasty.stack.home)
    kept = hasty.table.get(hasty.stack.home, f"face#{face}")
    assert kept
    assert kept["resident"] == OWNER


def test_a_probe_is_answered_by_its_deletion(hasty: Scene) -> None:
    """Whoever waits for S3's events to come puts one (operations/probe.py)."""
    hasty.put("probe/1", b"")
    (enrol,) = hasty.works.started_for("Enrol", "probe/1")
    assert hasty.works.ended(enrol) == "SUCCEEDED"
    found = hasty.stack.aws.client("s3").list_objects_v2(Bucket=hasty.stack.bucket, Prefix="probe/")
    assert found["KeyCount"] == 0


def test_several_residents_and_photos(home: Scene, phone: Device) -> None:
    """Each resident is known by as many faces as photos; the phones hear how many."""
    home.put(key_of(home, "Eileen"), portrait(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=1)
    home.put(key_of(home, "Eileen", "b"), seen(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=2)
    home.put(key_of(home, "Grace M. Hopper"), portrait(Person.GRACE))
    phone.hear(Enrolled, resident="Grace M. Hopper", faces=1)
    assert len(home.faces()) == 3


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a.png"])
def test_a_photo_enrols_whatever_its_ending(home: Scene, phone: Device, name: str) -> None:
    """What people have on their disks; the app can delete it by that name."""
    home.put(f"residents/{home.home}/Eileen/{name}", portrait(Person.EILEEN))
    assert phone.hear(Enrolled, resident="Eileen", faces=1).photo == name


def test_a_heic_is_refused_with_a_notice(home: Scene, phone: Device) -> None:
    """As an iPhone makes them: Rekognition reads JPEG and PNG alone."""
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(4000)
    home.put(f"residents/{home.home}/Eileen/IMG_1.HEIC", heic)
    said = phone.hear(EnrolmentFailed, resident="Eileen")
    assert (said.reason, said.photo) == ("unreadable", "IMG_1.HEIC")


@pytest.mark.parametrize(
    "place", ["residents/{}/Eileen/a.jpeg", "residents/{}/Eileen/more/a.jpeg", "residents/{}/E/a"]
)
def test_what_lies_in_no_residents_place_is_refused_with_a_notice(
    home: Scene, phone: Device, place: str
) -> None:
    """A home in capitals, a folder too many, no ending: nobody waits for nothing, and no
    collection comes of it.
    """
    key = place.format(home.home.upper())
    home.put(key, portrait(Person.EILEEN))
    assert phone.hear(EnrolmentFailed, reason="misplaced").photo == key
    collections = home.stack.aws.client("rekognition").list_collections()["CollectionIds"]
    assert not [each for each in collections if home.home.upper() in each]


def test_a_folder_that_the_console_makes_is_no_photo(home: Scene) -> None:
    """It is an empty object whose name ends with a slash."""
    key = f"residents/{home.home}/Eileen/"
    home.put(key, b"")
    (enrol,) = home.works.started_for("Enrol", key)
    assert home.works.ended(enrol) == "SUCCEEDED"
    assert not home.table.starting(home.home, "object#")


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        (empty_doorstep(), "no_face"),
        (broken.tiny_jpeg(), "no_face"),
        (broken.text_named_jpeg(), "unreadable"),
        (broken.truncated_jpeg(), "unreadable"),
        (b"", "unreadable"),
    ],
    ids=["nobody", "tiny", "text", "truncated", "empty"],
)
def test_a_photo_without_a_face_enrols_nobody(
    home: Scene, phone: Device, photo: bytes, reason: str
) -> None:
    """The phones hear why."""
    home.put(key_of(home, "Eileen"), photo)
    assert phone.hear(EnrolmentFailed, resident="Eileen").reason == reason
    assert home.faces() == []


def test_a_photo_with_a_guest_beside_enrols_nobody(home: Scene, phone: Device) -> None:
    """Either might be meant: it is refused, and neither face stays in the collection."""
    home.put(key_of(home, "Eileen"), group_photo((Person.EILEEN, 70), (Person.GRACE, 55)))
    assert phone.hear(EnrolmentFailed, resident="Eileen").reason == "several_faces"
    assert home.faces() == []


def test_a_small_face_in_the_background_does_no_harm(home: Scene, phone: Device) -> None:
    """Nobody would mean that one."""
    home.put(key_of(home, "Eileen"), group_photo((Person.EILEEN, 80), (Person.GRACE, 22)))
    assert phone.hear(Enrolled, resident="Eileen").faces == 1
    assert len(home.faces()) == 1


def test_the_same_event_twice_is_one_face(home: Scene, phone: Device) -> None:
    """S3 tells again: the resident has one face, in the table and in the collection."""
    key = key_of(home, "Eileen")
    home.put(key, portrait(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=1)
    (first,) = home.works.started_for("Enrol", key)
    again = home.works.start("Enrol", home.works.read(first).given)
    assert home.works.ended(again) == "SUCCEEDED"
    assert _recorded(home) == home.faces()
    assert len(home.faces()) == 1


def test_a_photo_put_in_anothers_place_replaces_it(home: Scene, phone: Device) -> None:
    """The old face is gone from table and collection, the new one is there."""
    key = key_of(home, "Eileen")
    home.put(key, portrait(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=1)
    (former,) = home.faces()
    home.put(key, portrait(Person.GRACE))
    for enrol in home.works.started_for("Enrol", key, 2):
        assert home.works.ended(enrol) == "SUCCEEDED"
    assert len(home.faces()) == 1
    assert former not in home.faces()
    assert _recorded(home) == home.faces()


def test_deleting_one_of_two_photos_forgets_its_face_alone(home: Scene, phone: Device) -> None:
    """The other photo's face is still a resident's."""
    home.put(key_of(home, "Eileen"), portrait(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=1)
    (first,) = home.faces()
    home.put(key_of(home, "Eileen", "b"), seen(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=2)
    home.delete(key_of(home, "Eileen", "b"))
    phone.hear(Enrolled, resident="Eileen", faces=1)
    assert home.faces() == [first] == _recorded(home)


def test_a_photo_that_is_no_residents_leaves_no_face(home: Scene) -> None:
    """EventBridge's wildcards match slashes too: such a face would hide a resident's."""
    key = f"residents/{home.home}/Eileen/summer/a.jpeg"
    home.put(key, portrait(Person.EILEEN))
    (enrol,) = home.works.started_for("Enrol", key)
    assert home.works.ended(enrol) == "SUCCEEDED"
    assert home.faces() == []
    assert _recorded(home) == []


@pytest.mark.parametrize(
    ("state", "argument"),
    [("MakeCollection", "CollectionId"), ("IndexFaces", "ExternalImageId")],
)
def test_recognition_down_is_told(home: Scene, phone: Device, state: str, argument: str) -> None:
    """The collection cannot be made, or the face not indexed: the phones hear that the photo
    enrols nobody for now.
    """

    def refuse(states: Tree) -> None:
        states[state]["Arguments"][argument] = "no such name!"

    down = home.works.broken("Enrol", refuse)
    enrol = home.works.start(down, home.enrolling(key_of(home, "Eileen")))
    assert phone.hear(EnrolmentFailed, resident="Eileen").reason == "unavailable"
    assert home.works.ended(enrol) == "SUCCEEDED"


def test_a_face_that_cannot_be_recorded_is_told(home: Scene, phone: Device) -> None:
    """The recording job fails: the phones do not wait for a word that never comes."""

    def spoil(states: Tree) -> None:
        del states["Record"]["Arguments"]["Payload"]["seen"]

    spoiled = home.works.broken("Enrol", spoil)
    home.put(key_of(home, "Eileen"), portrait(Person.EILEEN))
    phone.hear(Enrolled, resident="Eileen", faces=1)
    enrol = home.works.start(spoiled, home.enrolling(key_of(home, "Eileen")))
    assert phone.hear(EnrolmentFailed, resident="Eileen").reason == "unavailable"
    assert home.works.ended(enrol) == "SUCCEEDED"


def _recorded(home: Scene) -> list[str]:
    """The faces that the table knows to be a resident's."""
    return [item["face"] for item in home.table.starting(home.home, "face#")]
