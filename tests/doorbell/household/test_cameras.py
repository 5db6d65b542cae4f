"""A home's cameras: each with its last picture, its door, and how many films there are."""

from __future__ import annotations

import pytest

from doorbell.household import cameras
from doorbell.household.model import DAY, CameraFilm, LastPicture
from doorbell.household.problems import Problem
from tests.fakes import ADA, CAMERA, DOOR, NOON
from tests.household_fakes import FakeHousehold, make_household


def came(made: FakeHousehold, ago: float) -> LastPicture:
    """A picture of the camera came so many seconds ago."""
    picture = LastPicture("home", CAMERA.id, f"pictures/home/camera/{ago}.jpeg", NOON - ago)
    cameras.picture_came(made.household, picture)
    return picture


def test_each_camera_of_the_home_is_shown_by_name() -> None:
    made = make_household()
    made.devices.add(CAMERA._replace(id="attic", name="attic", door=DOOR.id))
    made.devices.add(CAMERA._replace(id="yard", name="yard", door="gone"))
    came(made, 9)
    last = came(made, 5)
    came(made, 7)
    attic, other, yard = cameras.show_all(made.household, "home")
    assert (attic.device.id, attic.door, attic.picture) == ("attic", DOOR.name, None)
    assert (other.device, other.door, other.picture) == (CAMERA, None, last)
    assert yard.door is None
    assert cameras.show_all(made.household, "away") == []


def test_cameras_stand_in_the_order_of_their_names() -> None:
    made = make_household()
    for place, name in (("a", "yard"), ("b", "Attic"), ("z", "attic 2")):
        made.devices.add(CAMERA._replace(id=place, name=name))
    shown = [each.device.name for each in cameras.show_all(made.household, "home")]
    assert shown == ["Attic", "attic 2", "Camera", "yard"]


def test_a_picture_is_remembered_as_long_as_the_bucket_keeps_it() -> None:
    made = make_household()
    came(made, 5)
    assert made.last_pictures.until == [NOON - 5 + 30 * DAY]


@pytest.mark.parametrize(("age", "shown"), [(30 * DAY - 1, True), (30 * DAY, False)])
def test_a_picture_is_shown_as_long_as_the_bucket_keeps_it(age: float, shown: bool) -> None:
    """The table forgets later than the bucket."""
    made = make_household()
    picture = came(made, age)
    (camera,) = cameras.show_all(made.household, "home")
    assert camera.picture == (picture if shown else None)


def test_films_that_can_be_seen_are_counted() -> None:
    """Not one that failed, and not one that the bucket has forgotten."""
    made = make_household()
    good = CameraFilm("home", CAMERA.id, "a", NOON - 9, NOON, NOON, "a.gif", "a.mp4", 3)
    for film in (good, good._replace(id="b"), good._replace(id="c", camera="other")):
        made.camera_films.made(film, NOON + DAY)
    made.camera_films.made(good._replace(id="d", told_at=NOON - 30 * DAY), NOON + DAY)
    made.camera_films.failed(
        good._replace(id="e", gif=None, mp4=None, reason="no_pictures"), NOON + DAY
    )
    (camera,) = cameras.show_all(made.household, "home")
    assert camera.films == 2


@pytest.mark.parametrize("camera", ["gone", DOOR.id, ADA.id, "", "a/b", "x" * 99])
def test_what_is_no_camera_is_not_known(camera: str) -> None:
    made = make_household()
    with pytest.raises(Problem, match="none such"):
        cameras.known_camera(made.household, "home", camera)
    with pytest.raises(Problem, match="none such"):
        cameras.known_camera(made.household, "away", CAMERA.id)
    assert cameras.known_camera(made.household, "home", CAMERA.id) == CAMERA.id
