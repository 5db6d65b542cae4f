"""The machine `visitor` on the one machine: a resident gets a code, all else rings."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from demo.people import Person, empty_doorstep, group_photo
from doorbell.protocol import (
    Answer,
    Code,
    Declined,
    Got,
    Missed,
    NoAnswer,
    Open,
    RingThrough,
    Visitor,
    Welcome,
)
from local.faces import broken
from tests.statemachines.scene import STRANGER, seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.device import Device
    from tests.statemachines.scene import Scene
    from tests.template.sources import Tree


def test_a_stranger_is_let_in(patient: Scene, door: Device, phone: Device) -> None:
    """The bell rings, the phone sees who, and a resident's answer opens the door."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(STRANGER))
    assert door.hear(RingThrough, ring=ring).reason == "stranger"
    shown = phone.hear(Visitor, ring=ring)
    assert shown.reason == "stranger"
    assert shown.photo
    phone.send(Answer(ring, "let_in"))
    door.hear(Open, ring=ring)
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert patient.works.read(visit).states()[-3:] == ["IssueCode", "RingThrough", "Do"]


def test_a_stranger_is_declined(patient: Scene, door: Device, phone: Device) -> None:
    """The door is told, and nothing opens."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(STRANGER))
    phone.hear(Visitor, ring=ring)
    phone.send(Answer(ring, "decline"))
    assert door.hear(Declined, ring=ring).by is None
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert "Open" not in door.all_about(ring)


def test_nobody_answers(hasty: Scene, hasty_door: Device, hasty_phone: Device) -> None:
    """After the time for an answer the door is told, and the phones that they missed somebody."""
    ring = hasty.pressed()
    visit = hasty.photographed(ring, seen(STRANGER))
    hasty_door.hear(NoAnswer, ring=ring)
    assert hasty_phone.hear(Missed, ring=ring).reason == "stranger"
    assert hasty.works.ended(visit) == "SUCCEEDED"
    assert hasty.works.read(visit).states()[-3:] == ["SearchFaces", "RingThrough", "Do"]


def test_where_nobody_is_enrolled_everybody_is_a_stranger(hasty: Scene) -> None:
    """No collection is no error."""
    ring = hasty.pressed()
    visit = hasty.photographed(ring, seen(Person.EILEEN))
    hasty.works.came_to(visit, "Do")
    assert hasty.reason(ring) == "stranger"
    assert "IssueCode" not in hasty.works.read(visit).states()


def test_a_resident_gets_a_code(patient: Scene, door: Device, phone: Device) -> None:
    """The door welcomes and does not ring; the machine learns only that a phone shows a code."""
    patient.forget_codes()
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(Person.EILEEN))
    code = phone.hear(Code, ring=ring)
    assert code.resident == "Eileen"
    door.hear(Welcome, ring=ring)
    phone.send(Got(ring))
    assert patient.works.ended(visit) == "SUCCEEDED"
    run = patient.works.read(visit)
    assert run.result("IssueCode") == {"answer": "got", "by": ""}
    assert code.code not in str(run)
    assert door.all_about(ring) == ["Welcome"]
    assert phone.all_about(ring) == ["Code"]


def test_a_resident_costs_three_transitions_and_a_stranger_five(
    patient: Scene, phone: Device
) -> None:
    """AWS counts each state that is entered."""
    patient.forget_codes()
    at_home, stranger = patient.pressed(), patient.pressed()
    first = patient.photographed(at_home, seen(Person.EILEEN))
    phone.hear(Code, ring=at_home)
    phone.send(Got(at_home))
    second = patient.photographed(stranger, seen(STRANGER))
    phone.hear(Visitor, ring=stranger)
    phone.send(Answer(stranger, "decline"))
    assert [patient.works.ended(visit) for visit in (first, second)] == ["SUCCEEDED"] * 2
    both = ["Claim", "SearchFaces", "IssueCode"]
    assert patient.works.read(first).states() == both
    assert patient.works.read(second).states() == [*both, "RingThrough", "Do"]


def test_a_phone_that_says_nothing_lets_the_bell_ring(
    patient: Scene, door: Device, phone: Device
) -> None:
    """It is frozen, perhaps: after GotSeconds somebody must hear that a resident stands there."""
    patient.forget_codes()
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(Person.EILEEN))
    phone.hear(Code, ring=ring)
    assert door.hear(RingThrough, ring=ring).reason == "no_phone"
    assert phone.hear(Visitor, ring=ring).reason == "no_phone"
    phone.send(Answer(ring, "let_in"))
    door.hear(Open, ring=ring)
    assert patient.works.ended(visit) == "SUCCEEDED"


def test_a_photo_is_all_that_a_history_knows_of_a_door(patient: Scene) -> None:
    """S3's event tells the address from which a photo came; it stands in no history."""
    ring = patient.pressed()
    photo = seen(STRANGER)
    run = patient.works.read(patient.photographed(ring, photo))
    assert run.given == patient.came(ring, len(photo))
    assert "127.0.0.1" not in str(run)
    assert "address" not in str(run)


def test_of_five_faces_the_largest_decides(patient: Scene, phone: Device) -> None:
    """A resident in front of four strangers is a resident."""
    crowd = [(STRANGER, 24), (STRANGER, 24), (Person.EILEEN, 60), (STRANGER, 24), (STRANGER, 24)]
    ring = patient.pressed()
    patient.photographed(ring, group_photo(*crowd))
    assert phone.hear(Code, ring=ring).resident == "Eileen"


def test_a_resident_without_a_phone_rings(patient: Scene, door: Device, phone: Device) -> None:
    """Grace's code would reach nobody: the household sees her and may let her in."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(Person.GRACE))
    assert phone.hear(Visitor, ring=ring).reason == "no_phone"
    assert door.hear(RingThrough, ring=ring).reason == "no_phone"
    patient.works.stop(visit)


def test_a_face_that_is_nobodys_any_more_rings(patient: Scene, door: Device, phone: Device) -> None:
    """Found in the collection, and forgotten in the table: a stranger."""
    face = _face_of(patient, "Grace")
    whole = patient.table.get(patient.home, f"face#{face}")
    assert whole
    patient.table.delete(patient.home, f"face#{face}")
    try:
        ring = patient.pressed()
        patient.photographed(ring, seen(Person.GRACE))
        assert door.hear(RingThrough, ring=ring).reason == "stranger"
        assert phone.hear(Visitor, ring=ring).reason == "stranger"
    finally:
        patient.table.put(whole)


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        (lambda: b"", "unreadable"),
        (broken.text_named_jpeg, "unreadable"),
        (broken.truncated_jpeg, "unreadable"),
        (broken.heavy_jpeg, "no_photo"),
        (broken.tiny_jpeg, "no_face"),
        (empty_doorstep, "no_face"),
    ],
    ids=["empty", "text", "truncated", "20 MB", "tiny", "nobody there"],
)
def test_what_shows_nobody_rings(
    patient: Scene, door: Device, phone: Device, photo: Callable[[], bytes], reason: str
) -> None:
    """Whatever was uploaded, the bell rings and says why."""
    ring = patient.pressed()
    patient.photographed(ring, photo())
    assert door.hear(RingThrough, ring=ring).reason == reason
    assert phone.hear(Visitor, ring=ring).reason == reason


def test_a_late_photo_is_missed_and_never_a_code(
    patient: Scene, door: Device, phone: Device
) -> None:
    """A resident who stood there over a minute ago gets no code, and nobody is rung."""
    ring = patient.pressed(pressed_at=_ago(61))
    visit = patient.photographed(ring, seen(Person.EILEEN))
    missed = phone.hear(Missed, ring=ring)
    assert missed.reason == "late"
    assert missed.photo
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert phone.all_about(ring) == ["Missed"]
    assert door.all_about(ring) == []
    assert "SearchFaces" not in patient.works.read(visit).states()


@pytest.mark.parametrize("pressed_at", [None, 61])
def test_what_is_too_large_is_shown_to_nobody(
    patient: Scene, phone: Device, pressed_at: float | None
) -> None:
    """More than Rekognition takes is no photo, in time or late: no phone is sent to fetch it."""
    too_large = 15 * 1024 * 1024 + 1
    ring = patient.pressed(**({"pressed_at": _ago(pressed_at)} if pressed_at else {}))
    visit = patient.works.start("Visitor", patient.came(ring, too_large))
    told = phone.hear(Missed if pressed_at else Visitor, ring=ring)
    assert isinstance(told, Missed | Visitor)
    assert (told.reason, told.photo) == ("no_photo", None)
    again = patient.works.start("Visitor", patient.came(ring, too_large))
    assert patient.works.ended(again) == "SUCCEEDED"
    assert phone.all_about(ring) == [type(told).__name__], "S3 tells twice now and then"
    assert "SearchFaces" not in patient.works.read(visit).states()


def test_over_the_limit_no_face_is_searched(patient: Scene, door: Device, phone: Device) -> None:
    """The phones may answer; the door, which rang at the press, is told once more."""
    ring = patient.pressed(kind="limited")
    visit = patient.photographed(ring, seen(Person.EILEEN))
    assert phone.hear(Visitor, ring=ring).reason == "unavailable"
    assert "SearchFaces" not in patient.works.read(visit).states()
    assert door.hear(RingThrough, ring=ring).reason == "unavailable"


def test_recognition_down_rings(patient: Scene, door: Device, phone: Device) -> None:
    """Rekognition answers with an error that nobody foresaw: a copy of the machine asks it for a
    collection whose name it refuses.
    """

    def refuse(states: Tree) -> None:
        states["SearchFaces"]["Arguments"]["CollectionId"] = "no such name!"

    ring = patient.pressed()
    down = patient.works.broken("Visitor", refuse)
    patient.works.start(down, patient.came(ring))
    assert door.hear(RingThrough, ring=ring).reason == "unavailable"
    assert phone.hear(Visitor, ring=ring).reason == "unavailable"


def test_the_table_down_rings(patient: Scene, door: Device, phone: Device) -> None:
    """The ring cannot be claimed: it rings all the same, with no face searched."""

    def lose(states: Tree) -> None:
        states["Claim"]["Arguments"]["TableName"] = "no-such-table"

    ring = patient.pressed()
    down = patient.works.broken("Visitor", lose)
    visit = patient.works.start(down, patient.came(ring))
    assert door.hear(RingThrough, ring=ring).reason == "unavailable"
    assert phone.hear(Visitor, ring=ring).reason == "unavailable"
    assert patient.works.read(visit).states() == ["Claim", "RingThrough"]


def test_a_table_that_goes_down_aside_rings(patient: Scene, door: Device, phone: Device) -> None:
    """What is not as usual cannot be looked at any more: it rings."""

    def lose(states: Tree) -> None:
        states["ClaimAside"]["Arguments"]["TableName"] = "no-such-table"

    ring = patient.pressed(kind="limited")
    down = patient.works.broken("Visitor", lose)
    visit = patient.works.start(down, patient.came(ring))
    assert door.hear(RingThrough, ring=ring).reason == "unavailable"
    assert phone.hear(Visitor, ring=ring).reason == "unavailable"
    assert patient.works.read(visit).states() == ["Claim", "ClaimAside", "RingThrough"]


def test_a_job_that_fails_rings(patient: Scene, door: Device, phone: Device) -> None:
    """Drawing the code raises: here a former code's record is not whole."""
    broken = {"home": patient.home, "sk": f"code#{int(time.time() * 1000):013d}#front-door#broken"}
    patient.table.put(broken)
    try:
        ring = patient.pressed()
        patient.photographed(ring, seen(Person.GRACE))
        assert door.hear(RingThrough, ring=ring).reason == "unavailable"
        assert phone.hear(Visitor, ring=ring).reason == "unavailable"
    finally:
        patient.table.delete(patient.home, broken["sk"])


def test_a_retried_claim_is_no_duplicate(patient: Scene, phone: Device) -> None:
    """Our own write, repeated because its answer was lost, goes on."""
    name = "claimed-by-itself"
    ring = patient.pressed(claimed_by=patient.works.arn_of("Visitor", name))
    given = patient.in_vain(ring)
    visit = patient.works.start("Visitor", given, name)
    phone.hear(Visitor, ring=ring)
    aside = ["Claim", "ClaimAside", "WhatIsKnown", "RingThrough"]
    assert patient.works.read(visit).states() == aside


def test_the_same_event_twice_is_one_decision(patient: Scene, door: Device, phone: Device) -> None:
    """S3 tells twice within milliseconds: one execution decides, the other says nothing."""
    ring = patient.pressed()
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: patient.put(patient.guest(ring), seen(STRANGER)), range(2)))
    visits = patient.works.started_for("Visitor", ring, 2)
    phone.hear(Visitor, ring=ring)
    phone.send(Answer(ring, "decline"))
    assert [patient.works.ended(visit) for visit in visits] == ["SUCCEEDED"] * 2
    decided, repeated = sorted(
        (patient.works.read(visit).states() for visit in visits), key=len, reverse=True
    )
    assert "SearchFaces" in decided
    assert repeated == ["Claim", "ClaimAside", "Do"]
    assert phone.all_about(ring) == ["Visitor", "Declined"]
    assert door.all_about(ring) == ["RingThrough", "Declined"]


def test_the_same_resident_twice_gets_one_code(patient: Scene, phone: Device) -> None:
    """Of ten executions for one photo, one sends a code."""
    patient.forget_codes()
    ring = patient.pressed()
    patient.put(patient.guest(ring), seen(Person.EILEEN))
    with ThreadPoolExecutor(9) as all_at_once:
        again = list(
            all_at_once.map(lambda _: patient.works.start("Visitor", patient.came(ring)), range(9))
        )
    phone.hear(Code, ring=ring)
    phone.send(Got(ring))
    for visit in [*again, *patient.works.started_for("Visitor", ring, 10)]:
        assert patient.works.ended(visit) == "SUCCEEDED"
    assert phone.all_about(ring) == ["Code"]


def test_an_answer_that_was_carried_out_is_not_asked_for_again(patient: Scene) -> None:
    """The visitor was let in before this execution came to ask: it ends, and opens nothing."""
    ring = patient.pressed(answer="let_in", answered_by="Eileen")
    visit = patient.photographed(ring, seen(STRANGER))
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert patient.works.read(visit).states()[-2:] == ["RingThrough", "Do"]


def test_a_photo_that_comes_after_the_bell_is_shown(
    patient: Scene, door: Device, phone: Device
) -> None:
    """Rung without a photo, and then there is one: the phones see it, the bell stays quiet."""
    ring = patient.pressed()
    given = patient.in_vain(ring)
    patient.works.start("Visitor", given)
    assert phone.hear(Visitor, ring=ring, reason="no_photo").photo is None
    patient.put(patient.guest(ring), seen(Person.EILEEN))
    # The ring's own id stands in both inputs; the photo's execution is the later one.
    visit = patient.works.started_for("Visitor", ring, 2)[-1]
    assert phone.hear(Visitor, ring=ring, reason="late").photo
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert door.all_about(ring) == ["RingThrough"]
    assert phone.all_about(ring) == ["Visitor", "Visitor"]


def test_a_photo_that_comes_before_the_question_is_shown(
    patient: Scene, door: Device, phone: Device
) -> None:
    """`watch`'s visitor has claimed the ring, and the photo comes before it asks the phones."""
    name = "claims-and-then-asks"
    ring = patient.pressed(claimed_by=patient.works.arn_of("Visitor", name))
    came = patient.photographed(ring, seen(STRANGER))
    assert patient.works.ended(came) == "SUCCEEDED"
    assert patient.works.read(came).states() == ["Claim", "ClaimAside", "Do"]
    assert phone.all_about(ring) == []
    patient.works.start("Visitor", patient.in_vain(ring), name)
    assert phone.hear(Visitor, ring=ring, reason="late").photo
    assert door.hear(RingThrough, ring=ring).reason == "late"
    assert phone.all_about(ring) == ["Visitor"]


def test_waiting_in_vain_for_a_resident_who_is_served(
    patient: Scene, door: Device, phone: Device
) -> None:
    """A phone shows the code since `watch` looked: nothing more."""
    ring = patient.pressed(claimed_by="another execution", decision="resident")
    visit = patient.works.start("Visitor", patient.in_vain(ring))
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert patient.works.read(visit).states() == ["Claim", "ClaimAside", "Do"]
    assert phone.all_about(ring) == []
    assert door.all_about(ring) == []


def test_waiting_in_vain_for_an_execution_that_is_dead_rings(
    patient: Scene, door: Device, phone: Device
) -> None:
    """It claimed the ring and decided nothing: it rings, and an answer opens by itself."""
    ring = patient.pressed(claimed_by="another execution")
    visit = patient.works.start("Visitor", patient.in_vain(ring))
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert door.hear(RingThrough, ring=ring).reason == "unavailable"
    phone.hear(Visitor, ring=ring)
    phone.send(Answer(ring, "let_in"))
    door.hear(Open, ring=ring)


def test_a_photo_that_is_no_rings_claims_nothing(
    patient: Scene, door: Device, phone: Device
) -> None:
    """EventBridge's wildcard matches slashes too; the ring's own photo is still awaited."""
    ring = patient.pressed()
    patient.put(f"guest/{patient.home}/{ring}/x/photo.jpeg", seen(STRANGER))
    (visit,) = patient.works.started_for("Visitor", ring)
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert patient.works.read(visit).states() == ["Claim", "ClaimAside", "Do"]
    found = patient.rings.find(patient.home, ring)
    assert found
    assert (found.claimed_by, found.decision, found.photo_at) == (None, None, 0)
    assert phone.all_about(ring) == door.all_about(ring) == []


def test_a_photo_of_no_ring_is_nobody(patient: Scene, phone: Device) -> None:
    """An object that no press asked for starts nothing that anybody hears of."""
    visit = patient.photographed("0" * 26, seen(Person.EILEEN))
    assert patient.works.ended(visit) == "SUCCEEDED"
    assert phone.all_about("0" * 26) == []


def _ago(seconds: float) -> float:
    return time.time() - seconds


def _face_of(scene: Scene, resident: str) -> str:
    (face,) = [
        item["face"]
        for item in scene.table.starting(scene.home, "face#")
        if item.get("resident") == resident
    ]
    return str(face)
