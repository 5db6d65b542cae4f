"""PhoneApi: what cameras saw, and a film of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from doorbell.aws.api.errors import ServiceError
from doorbell.films.model import Period
from doorbell.household.model import DAY, CameraFilm, LastPicture
from tests.fakes import ADA, BOB, CAMERA, DOOR, NOON
from tests.functions.phone import Phone

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold

FILMS = f"cameras/{CAMERA.id}/films"
PICTURES = f"cameras/{CAMERA.id}/pictures"
SCHEDULE = f"cameras/{CAMERA.id}/schedule"
PICTURE = "pictures/home/camera/2023/11/14/221310-000-picture.jpeg"
FILM = "films/home/camera/20231113T221320Z-20231114T221320Z-0a1b2c3d"
PERIOD = {"start": NOON - 60, "end": NOON}
DAILY = {"every": "day", "at": "06:05", "zone": "Europe/Berlin"}


def test_a_phone_sees_the_last_picture_of_each_camera(made: FakeHousehold) -> None:
    made.devices.add(CAMERA._replace(id="yard", name="Yard", door=DOOR.id))
    made.last_pictures.came(LastPicture("home", CAMERA.id, PICTURE, NOON - 10), NOON + DAY)
    answer = Phone.of(BOB).ask("GET", "cameras")
    assert answer.status == 200
    link = {"url": f"https://get/{PICTURE}?900", "at": NOON - 10}
    assert answer.json == {
        "cameras": [
            {"id": "camera", "name": CAMERA.name, "door": None, "picture": link, "films": 0},
            {"id": "yard", "name": "Yard", "door": DOOR.name, "picture": None, "films": 0},
        ],
        "picture_days": 30,
    }


def test_a_phone_sees_the_films_of_a_camera_and_why_one_failed(made: FakeHousehold) -> None:
    film = CameraFilm(
        "home", CAMERA.id, "a", NOON - DAY, NOON, NOON, f"{FILM}.gif", f"{FILM}.mp4", 240, 2
    )
    made.camera_films.made(film, NOON + DAY)
    made.camera_films.failed(
        CameraFilm("home", CAMERA.id, "b", 1, 2, NOON, reason="no_pictures"), NOON + DAY
    )
    answer = Phone.of(BOB).ask("GET", FILMS).json
    assert answer == {
        "films": [
            {"id": "a", "start": NOON - DAY, "end": NOON, "frames": 240, "skipped": 2,
             "gif": f"https://get/{FILM}.gif?900", "mp4": f"https://get/{FILM}.mp4?900",
             "reason": None},
            {"id": "b", "start": 1, "end": 2, "frames": 0, "skipped": 0, "gif": None, "mp4": None,
             "reason": "no_pictures"},
        ],
        "next": None, "making": None,
    }  # fmt: skip


def test_films_come_in_pages(made: FakeHousehold) -> None:
    for n in range(12):
        film = CameraFilm("home", CAMERA.id, f"{n}", 0, NOON + n, NOON, "a.gif", "a.mp4", 1)
        made.camera_films.made(film, NOON + DAY)
    first = Phone.of(BOB).ask("GET", FILMS).json
    second = Phone.of(BOB).ask("GET", FILMS, query=f"cursor={first['next']}").json
    assert [each["id"] for each in (*first["films"], *second["films"])] == [
        str(n) for n in reversed(range(12))
    ]
    assert second["next"] is None


def test_a_manager_has_a_film_made_and_sees_that_it_is(made: FakeHousehold) -> None:
    answer = Phone().ask("POST", FILMS, PERIOD)
    assert answer.status == 202
    assert made.films.started == [Period(ADA.home, CAMERA.id, NOON - 60, NOON)]
    assert Phone.of(BOB).ask("GET", FILMS).json["making"] == {"id": answer.json["id"], **PERIOD}


def test_a_second_film_waits_for_the_first(made: FakeHousehold) -> None:
    Phone().ask("POST", FILMS, PERIOD)
    answer = Phone().ask("POST", FILMS, PERIOD)
    assert (answer.status, answer.problem) == (409, "film_under_way")
    assert len(made.films.started) == 1


def test_another_phone_has_no_film_made_and_changes_no_schedule(made: FakeHousehold) -> None:
    for method, path, body in (("POST", FILMS, PERIOD), ("PUT", SCHEDULE, DAILY)):
        answer = Phone.of(BOB).ask(method, path, body)
        assert (answer.status, answer.problem) == (403, "not_manager")
    assert made.films.started == []
    assert made.schedules.kept == {}


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


def test_a_phone_sees_the_pictures_of_a_day(made: FakeHousehold) -> None:
    made.stored.kept = {PICTURE, PICTURE.replace("/14/", "/13/")}
    shown = {"pictures": [{"url": f"https://get/{PICTURE}?900", "at": NOON - 10}], "next": None}
    phone = Phone.of(BOB)
    assert phone.ask("GET", PICTURES).json == shown
    assert phone.ask("GET", PICTURES, query="day=2023-11-14").json == shown
    # In Berlin it was 23:13.
    assert phone.ask("GET", PICTURES, query="day=2023-11-14&zone=Europe/Berlin").json == shown
    assert phone.ask("GET", PICTURES, query="day=2023-11-12").json["pictures"] == []


@pytest.mark.parametrize("query", ["day=2023-02-30", "zone=Nowhere", "cursor=../x"])
def test_a_day_that_cannot_be_is_refused(made: FakeHousehold, query: str) -> None:
    answer = Phone.of(BOB).ask("GET", PICTURES, query=query)
    assert (answer.status, answer.problem) == (400, "bad_field")
    assert made.stored.asked == []


@pytest.mark.parametrize("every", ["day", "week"])
def test_a_manager_sets_a_schedule_that_every_phone_sees(made: FakeHousehold, every: str) -> None:
    never = {"every": "never", "at": None, "zone": None}
    assert Phone.of(BOB).ask("GET", SCHEDULE).json == never
    assert Phone().ask("PUT", SCHEDULE, DAILY | {"every": every}).status == 204
    assert Phone.of(BOB).ask("GET", SCHEDULE).json == DAILY | {"every": every}
    assert Phone().ask("PUT", SCHEDULE, {"every": "never"}).status == 204
    assert Phone.of(BOB).ask("GET", SCHEDULE).json == never
    assert made.schedules.kept == {}


@pytest.mark.parametrize(
    "body",
    [{}, {"every": "hour", "at": "06:00", "zone": "UTC"}, {"every": "day"},
     {"every": "day", "at": "6:00", "zone": "UTC"}, {"every": "week", "at": "06:00"},
     {"every": "day", "at": "06:00", "zone": "Nowhere"}, DAILY | {"more": 1}],
    ids=str,
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(made: FakeHousehold, body: Any) -> None:
    answer = Phone().ask("PUT", SCHEDULE, body)
    assert (answer.status, answer.problem) == (400, "bad_field")
    assert made.schedules.kept == {}


def test_a_camera_that_is_revoked_has_no_more_films(made: FakeHousehold) -> None:
    Phone().ask("PUT", SCHEDULE, DAILY)
    assert Phone().ask("DELETE", f"devices/{CAMERA.id}").status == 204
    assert made.schedules.kept == {}


@pytest.mark.parametrize(
    "camera", ["unknown", "front", "ada", "garden", "%00", "x" * 2000, "..%2F"]
)
def test_what_is_no_camera_of_this_home_has_nothing(made: FakeHousehold, camera: str) -> None:
    made.devices.add(CAMERA._replace(home="away", id="garden"))
    for method, what, body in (
        ("GET", "films", None), ("POST", "films", PERIOD), ("GET", "pictures", None),
        ("GET", "schedule", None), ("PUT", "schedule", DAILY),
    ):  # fmt: skip
        answer = Phone().ask(method, f"cameras/{camera}/{what}", body)
        assert (answer.status, answer.problem) == (404, "not_found")
    assert made.films.started == []
    assert made.stored.asked == []
    assert made.schedules.kept == {}


def test_a_machine_that_does_not_start_is_asked_again(made: FakeHousehold) -> None:
    made.films.breaks = ServiceError("AccessDeniedException", 400)
    answer = Phone().ask("POST", FILMS, PERIOD)
    assert (answer.status, answer.problem) == (503, "try_again")
    made.films.breaks = None
    assert Phone().ask("POST", FILMS, PERIOD).status == 202
