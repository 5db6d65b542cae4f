"""S3's events in AWS's documented form: through the template's rules to who is woken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.events import FilmMade, PictureReceived
from functions.cameras import entry as cameras
from functions.enrolment import entry as enrolment
from functions.film import entry as film
from tests.doorbell.cameras.fakes import picture
from tests.doorbell.films.test_bursts import ONE
from tests.events.documented import forms, in_form
from tests.events.rules import Rule, rules
from tests.fakes import KITCHEN, FakeServices, enrol_face
from tests.statemachines.asl import FILES, definition, read_paths

if TYPE_CHECKING:
    from tests.doorbell.cameras.fakes import FakeReception
    from tests.doorbell.films.fakes import Studio
    from tests.template.sources import Tree

RULES = {str(rule): rule for rule in rules("aws.s3")}
PHOTO = "residents/home/Ada/1.jpeg"
BURST = "guest/home/ring-1/burst.mjpeg"
TAKEN = "pictures/home/camera/2023/11/14/221320-000-gate.jpeg"
KEYS = {
    "Visitor.PhotoCame": "guest/home/ring-1/photo.jpeg",
    "Enrol.PhotoCame": PHOTO,
    "Enrolment.PhotoWent": PHOTO,
    "Film.BurstCame": BURST,
    "Cameras.ObjectCame": TAKEN,
}
"""A key that each rule lets pass."""

FORMS = {"Object Created": "s3-object-created", "Object Deleted": "s3-object-deleted"}


def test_every_rule_about_the_bucket_is_tried() -> None:
    assert set(KEYS) == set(RULES)


def coming_by(rule: Rule) -> list[tuple[str, Tree]]:
    """The documented event in all its forms, for the rule's example key."""
    (kind,) = rule.kinds
    name = FORMS[kind]
    return [(form, in_form(form, name, KEY=KEYS[str(rule)])) for form in forms(name)]


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_a_rule_lets_the_documented_event_pass_whatever_is_left_out(rule: Rule) -> None:
    for form, event in coming_by(rule):
        assert rule.passes(event), form
        assert not rule.passes(event | {"source": "aws.other"}), form


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_no_rule_lets_another_bucket_s_event_pass(rule: Rule) -> None:
    for _, event in coming_by(rule):
        event["detail"]["bucket"]["name"] = "somebody-else-s"
        assert not rule.passes(event)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.target in FILES], ids=str)
def test_a_machine_gets_all_that_it_reads_of_its_input(rule: Rule) -> None:
    """Its input is what the rule makes of the event: names and types are those that it counts on.

    In another state than its first, a machine reads what the state before has left: Enrol.Record
    gives all of that on.
    """
    read = read_paths("input", definition(rule.target))
    for form, event in coming_by(rule):
        given = rule.arriving(event)
        assert read <= set(given) | {"seen"}, form
        assert isinstance(given["key"], str)
        assert isinstance(given.get("size", 0), int)


@pytest.mark.parametrize("form", forms("s3-object-deleted"))
def test_a_deleted_photo_s_face_is_forgotten(registry: FakeServices, form: str) -> None:
    """Also one that a lifecycle rule deleted: its event has no requester's address."""
    enrol_face(registry, "Ada", "1")
    registry.connect(KITCHEN)
    enrolment.handler(in_form(form, "s3-object-deleted", KEY=PHOTO), None)
    assert registry.faces.removed == [("home", "1")]


@pytest.mark.parametrize("form", forms("s3-object-created"))
def test_a_burst_becomes_a_film(studio: Studio, form: str) -> None:
    studio.store.objects[BURST] = ONE
    event = in_form(form, "s3-object-created", KEY=BURST)
    film.handler(RULES["Film.BurstCame"].arriving(event), None)
    assert [type(each) for each in studio.house.bus.events] == [FilmMade]


@pytest.mark.parametrize("form", forms("s3-object-created"))
def test_a_camera_s_picture_is_told(reception: FakeReception, form: str) -> None:
    reception.bucket.put(TAKEN, picture(), "image/jpeg", {})
    event = in_form(form, "s3-object-created", KEY=TAKEN)
    cameras.handler(RULES["Cameras.ObjectCame"].arriving(event), None)
    assert [type(each) for each in reception.house.bus.events] == [PictureReceived]


@pytest.mark.parametrize("key", ["residents/home/Zoë Müller/1.jpeg", "residents/home/A+B/1.jpeg"])
def test_a_key_comes_as_it_is(registry: FakeServices, key: str) -> None:
    """On the bus keys are not encoded as in URLs, unlike in S3's direct notifications."""
    name = key.split("/")[2]
    enrol_face(registry, name, "1")
    enrolment.handler(in_form("whole", "s3-object-deleted", KEY=key), None)
    assert registry.faces.removed == [("home", "1")]
