"""Enrolment: the face that was meant, and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.enrolment import forget, record, refuse
from doorbell.model import ResidentPhoto, SeenFace
from doorbell.protocol import Enrolled, EnrolmentFailed
from tests.fakes import FOREIGN_PHONE, KITCHEN, FakeServices, make_services

ONE = ResidentPhoto("home", "Ada", "residents/home/Ada/1.jpeg")
TWO = ResidentPhoto("home", "Ada", "residents/home/Ada/2.jpeg")
BOBS = ResidentPhoto("home", "Bob", "residents/home/Bob/1.jpeg")


def enrol(made: FakeServices, photo: ResidentPhoto, face: str, *others: float) -> None:
    """A photo with a face of a tenth of the picture, and others of these areas."""
    record(made.registry, photo, [SeenFace(face, 0.1), *(SeenFace(None, a) for a in others)])


def test_a_face_becomes_the_residents_and_the_phones_hear_how_many_there_are() -> None:
    made = make_services()
    phone, other = made.connect(KITCHEN), made.connect(FOREIGN_PHONE)
    enrol(made, ONE, "a1")
    enrol(made, TWO, "a2")
    enrol(made, BOBS, "b1")
    assert made.heard(phone) == [
        Enrolled("Ada", 1, "1"),
        Enrolled("Ada", 2, "2"),
        Enrolled("Bob", 1, "1"),
    ]
    assert made.residents.of_face("home", "a2") == "Ada"
    assert made.residents.of_face("away", "a2") is None
    assert made.heard(other) == []


@pytest.mark.parametrize(("second", "refused"), [(0.0249, False), (0.025, True), (0.1, True)])
def test_a_second_comparable_face_is_refused_and_forgotten(second: float, refused: bool) -> None:
    """Else a guest in the picture would live here."""
    made = make_services()
    phone = made.connect(KITCHEN)
    enrol(made, ONE, "a1", 0.001, second)
    assert (made.residents.of_face("home", "a1") is None) is refused
    assert (made.faces.removed == [("home", "a1")]) is refused
    told = EnrolmentFailed("Ada", "several_faces", "1") if refused else Enrolled("Ada", 1, "1")
    assert made.heard(phone) == [told]


def test_what_is_told_is_what_is_wrong_with_the_largest_face() -> None:
    """Whoever stands in the background is small in every photo."""
    made = make_services()
    phone = made.connect(KITCHEN)
    small = SeenFace(None, 0.01, ("SMALL_BOUNDING_BOX",))
    record(made.registry, ONE, [small, SeenFace(None, 0.2, ("LOW_BRIGHTNESS",)), small])
    assert made.heard(phone) == [EnrolmentFailed("Ada", "too_dark", "1")]


def test_why_a_photo_was_refused_is_kept_with_it() -> None:
    made = make_services()
    record(made.registry, ONE, [])
    assert made.residents.failures == {("home", ONE.key): "no_face"}


def test_a_face_of_a_former_photo_is_no_longer_of_this_one() -> None:
    made = make_services()
    enrol(made, ONE, "a1")
    enrol(made, ONE, "a2")
    assert made.residents.faces_in("home", ONE.key) == ["a2"]
    forget(made.registry, ONE)
    assert made.residents.faces_in("home", ONE.key) == []


@pytest.mark.parametrize("seen", [[], [SeenFace(None, 0.2)]])
def test_a_photo_without_a_usable_face_enrols_nobody(seen: list[SeenFace]) -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    record(made.registry, ONE, seen)
    assert made.heard(phone) == [EnrolmentFailed("Ada", "no_face", "1")]
    assert made.residents.faces == {}


def test_a_photo_put_again_replaces_its_face() -> None:
    made = make_services()
    enrol(made, ONE, "a1")
    enrol(made, ONE, "a1-new")
    assert made.residents.faces == {("home", "a1-new"): "Ada"}
    assert made.faces.removed == [("home", "a1")]


def test_an_event_told_twice_changes_nothing() -> None:
    made = make_services()
    for _ in range(2):
        enrol(made, ONE, "a1")
    assert made.residents.faces_in("home", ONE.key) == ["a1"]
    assert made.faces.removed == []
    assert made.residents.count_faces("home", "Ada") == 1


def test_deleting_one_of_two_photos_forgets_its_own_face() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    enrol(made, ONE, "a1")
    enrol(made, TWO, "a2")
    forget(made.registry, ONE)
    assert made.residents.faces == {("home", "a2"): "Ada"}
    assert made.faces.removed == [("home", "a1")]
    assert made.heard(phone)[-1] == Enrolled("Ada", 1, "1")


def test_deleting_a_photo_that_enrolled_nobody_forgets_nobody() -> None:
    made = make_services()
    enrol(made, ONE, "a1")
    forget(made.registry, TWO)
    assert made.residents.count_faces("home", "Ada") == 1
    assert made.faces.removed == []


def test_why_a_photo_failed_is_told() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    refuse(made.registry, ONE, [], "unreadable")
    assert made.heard(phone) == [EnrolmentFailed("Ada", "unreadable", "1")]


def test_a_bad_photo_in_the_place_of_a_good_one_forgets_the_good_one_s_face() -> None:
    made = make_services()
    enrol(made, ONE, "a1")
    refuse(made.registry, ONE, [], "several_faces")
    assert made.residents.count_faces("home", "Ada") == 0
    assert made.faces.removed == [("home", "a1")]


def test_while_recognition_is_down_nobody_is_forgotten_but_what_was_just_indexed() -> None:
    made = make_services()
    enrol(made, ONE, "a1")
    refuse(made.registry, ONE, [SeenFace("a2", 0.2)], "unavailable")
    assert made.residents.count_faces("home", "Ada") == 1
    assert made.faces.removed == [("home", "a2")]


def test_a_sharp_guest_is_not_enrolled_in_the_place_of_a_blurred_resident() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    record(made.registry, ONE, [SeenFace("guest", 0.01), SeenFace(None, 0.2)])
    assert made.heard(phone) == [EnrolmentFailed("Ada", "several_faces", "1")]
    assert made.residents.count_faces("home", "Ada") == 0


def test_a_deletion_that_failed_half_way_is_finished_when_it_is_repeated() -> None:
    made = make_services()
    enrol(made, ONE, "a1")
    made.faces.broken = RuntimeError()
    with pytest.raises(RuntimeError):
        forget(made.registry, ONE)
    assert made.residents.of_face("home", "a1") is None, "no code for this face any more"
    made.faces.broken = None
    forget(made.registry, ONE)
    assert made.faces.removed == [("home", "a1")]


# --- events in any order ------------------------------------------------------------------

PUT = ONE._replace(sequencer="0055AED6DCD90281E5")
PUT_AGAIN = ONE._replace(sequencer="0055AED6DCD90281E6")
DELETED = ONE._replace(sequencer="0055AED6DCD90281E60")


def test_a_photo_deleted_while_it_is_recorded_keeps_no_face() -> None:
    """The word of the deletion came first: its owner must get no code."""
    made = make_services()
    phone = made.connect(KITCHEN)
    forget(made.registry, DELETED)
    enrol(made, PUT, "a1")
    assert made.residents.faces == {}
    assert made.faces.removed == [("home", "a1")]
    assert made.heard(phone) == [Enrolled("Ada", 0, "1")]


def test_a_photo_deleted_between_two_steps_of_recording_keeps_no_face() -> None:
    made = make_services()
    add_face = made.residents.add_face

    def overtaken(photo: ResidentPhoto, face: str) -> None:
        forget(made.registry, DELETED)
        add_face(photo, face)

    made.residents.add_face = overtaken  # type: ignore[method-assign]
    enrol(made, PUT, "a1")
    assert made.residents.faces == {}
    assert made.faces.removed == [("home", "a1")]


def test_a_photo_that_is_gone_when_it_was_recorded_keeps_no_face() -> None:
    """The word of the deletion was lost: so look."""
    made = make_services()
    phone = made.connect(KITCHEN)
    made.stored.gone.add(ONE.key)
    enrol(made, PUT, "a1")
    assert made.residents.faces == {}
    assert made.faces.removed == [("home", "a1")]
    assert made.heard(phone) == [Enrolled("Ada", 0, "1")]


def test_a_photo_deleted_and_put_again_enrols_whatever_order_the_events_come_in() -> None:
    made = make_services()
    enrol(made, PUT_AGAIN, "a1")
    forget(made.registry, PUT)
    assert made.residents.faces == {("home", "a1"): "Ada"}
    assert made.faces.removed == []


def test_an_older_photo_that_is_recorded_late_does_not_replace_a_newer_one() -> None:
    made = make_services()
    enrol(made, PUT_AGAIN, "a2")
    enrol(made, PUT, "a1")
    refuse(made.registry, PUT, [SeenFace("a0", 0.2)], "several_faces")
    assert made.residents.faces == {("home", "a2"): "Ada"}
    assert made.faces.removed == [("home", "a1"), ("home", "a0")]


def test_the_same_picture_indexed_twice_is_one_face_which_stays() -> None:
    """Rekognition gives an image that it knows the same face again."""
    made = make_services()
    enrol(made, PUT_AGAIN, "a1")
    enrol(made, PUT, "a1")
    assert made.residents.faces == {("home", "a1"): "Ada"}
    assert made.faces.removed == []


@given(st.permutations([("put", "1", "a1"), ("deleted", "2", ""), ("put", "3", "a3")]))
def test_in_whatever_order_three_events_come_the_last_one_stands(
    events: list[tuple[str, str, str]],
) -> None:
    made = make_services()
    for what, sequencer, face in events:
        photo = ONE._replace(sequencer=sequencer)
        if what == "put":
            enrol(made, photo, face)
        else:
            forget(made.registry, photo)
    assert made.residents.faces == {("home", "a3"): "Ada"}
    assert ("home", "a3") not in made.faces.removed
