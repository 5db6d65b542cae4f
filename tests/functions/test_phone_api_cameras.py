"""PhoneApi: what cameras saw, and a film of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from doorbell.aws.api.errors import ServiceError
from doorbell.films.model import Period
from tests.fakes import ADA, BOB, CAMERA, DOOR, NOON
from tests.functions.phone import Phone

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold

FILMS = f"cameras/{CAMERA.id}/films"
PICTURE = "pictures/home/camera/2023/11/14/221310-000-picture.jpeg"
FILM = "films/home/camera/20231113T221320Z-20231114T221320Z-0a1b2c3d"


def test_a_phone_sees_the_last_picture_of_each_camera(made: FakeHousehold) -> None:
    made.devices.add(CAMERA._replace(id="yard", name="Yard", door=DOOR.id))
    made.stored.kept.add(PICTURE)
    answer = Phone.of(BOB).ask("GET", "cameras")
    assert answer.status == 200
    link = {"url": f"https://get/{PICTURE}?900", "at": NOON - 10}
    assert answer.json["cameras"] == [
        {"id": "camera", "name": "Camera", "door": None, "picture": link},
        {"id": "yard", "name": "Yard", "door": "front", "picture": None},
    ]


def test_a_phone_sees_the_films_of_a_camera(made: FakeHousehold) -> None:
    made.stored.kept |= {f"{FILM}.gif", f"{FILM}.mp4"}
    (film,) = Phone.of(BOB).ask("GET", FILMS).json["films"]
    assert (film["start"], film["end"]) == (NOON - 86_400, NOON)
    assert film["gif"] == f"https://get/{FILM}.gif?900"
    assert film["mp4"] == f"https://get/{FILM}.mp4?900"


def test_a_manager_has_a_film_made(made: FakeHousehold) -> None:
    assert Phone().ask("POST", FILMS, {"start": NOON - 60, "end": NOON}).status == 202
    assert made.films.started == [Period(ADA.home, CAMERA.id, NOON - 60, NOON)]


def test_another_phone_has_no_film_made(made: FakeHousehold) -> None:
    answer = Phone.of(BOB).ask("POST", FILMS, {"start": NOON - 60, "end": NOON})
    assert (answer.status, answer.problem) == (403, "not_manager")
    assert made.films.started == []


@pytest.mark.parametrize(
    "body",
    [{}, {"start": 1}, {"start": NOON, "end": NOON - 1}, {"start": NOON + 1, "end": NOON + 2},
     {"start": NOON - 367 * 86_400, "end": NOON}, {"start": "x", "end": NOON},
     {"start": -1, "end": NOON}, {"start": NOON - 60, "end": NOON, "fps": 3}],
    ids=str,
)  # fmt: skip
def test_a_period_that_cannot_be_is_refused(made: FakeHousehold, body: Any) -> None:
    answer = Phone().ask("POST", FILMS, body)
    assert (answer.status, answer.problem) == (400, "bad_field")
    assert made.films.started == []


@pytest.mark.parametrize(
    "camera", ["unknown", "front", "ada", "garden", "%00", "x" * 2000, "..%2F"]
)
def test_what_is_no_camera_of_this_home_has_no_films(made: FakeHousehold, camera: str) -> None:
    made.devices.add(CAMERA._replace(home="away", id="garden"))
    for method, body in (("GET", None), ("POST", {"start": NOON - 60, "end": NOON})):
        answer = Phone().ask(method, f"cameras/{camera}/films", body)
        assert (answer.status, answer.problem) == (404, "not_found")
    assert made.films.started == []
    assert made.stored.asked == []


def test_a_machine_that_does_not_start_is_asked_again(
    made: FakeHousehold, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise ServiceError("AccessDeniedException", 400)

    monkeypatch.setattr(made.films, "start", refuse)
    answer = Phone().ask("POST", FILMS, {"start": NOON - 60, "end": NOON})
    assert (answer.status, answer.problem) == (503, "try_again")
