"""Films of cameras on the running stack: asked for, made, failed, each day; the phones hear."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import httpx

from doorbell.aws.dynamodb.camera_films import CameraFilmTable
from doorbell.aws.dynamodb.table import Table
from doorbell.household.model import FilmUnderWay
from doorbell.protocol import CameraFilm, CameraFilmFailed
from tests.filmmaker.drawn import frames, mp4
from tests.stories.test_film import fetched

if TYPE_CHECKING:
    from pathlib import Path

    from demo.device import Device
    from tests.stories.doorstep import Home

PATIENCE: Final = 40.0


def ask(home: Home, method: str, path: str, body: object = None) -> httpx.Response:
    """The phone asks about its camera."""
    return httpx.request(
        method, f"{home.stack.phone}/api/cameras{path}", json=body, trust_env=False, timeout=20,
        headers={"Authorization": f"Bearer {home.phone}"},
    )  # fmt: skip


def took(home: Home, pictures: list[bytes]) -> float:
    """The camera took these in the last minutes, one a second; when the first."""
    begin = time.time() // 60 * 60 - 600
    for second, picture in enumerate(pictures):
        at = time.strftime("%Y/%m/%d/%H%M%S", time.gmtime(begin + second))
        key = f"pictures/{home.id}/yard/{at}-000-picture.jpeg"
        home.stack.deployed.put(key, picture)
    return begin


def until(home: Home, path: str, holds: Any) -> Any:
    """What the API answers, once this holds of it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        shown = ask(home, "GET", path).json()
        if holds(shown):
            return shown
        time.sleep(0.1)
    raise AssertionError(f"never so: {shown}")


def test_a_film_is_asked_for_once_made_told_and_shown(
    home: Home, phone: Device, tmp_path: Path
) -> None:
    """What was skipped is told, too."""
    home.add("camera", "Yard")
    pictures = list(frames(range(5)))
    begin = took(home, [*pictures[:2], pictures[2][:200], *pictures[3:]])
    period = {"start": begin, "end": begin + 60}
    asked = ask(home, "POST", "/yard/films", period)
    assert asked.status_code == 202, asked.text
    film = phone.hear(CameraFilm, within=PATIENCE)
    assert (film.camera, film.name, film.film) == ("yard", "Yard", asked.json()["id"])
    assert (film.start, film.end, film.frames) == (begin, begin + 60, 4)
    assert mp4(fetched(film.mp4, tmp_path / "told.mp4")).numbers == [0, 1, 3, 4]
    shown = until(home, "/yard/films", lambda page: page["films"] and not page["making"])
    (kept,) = shown["films"]
    assert (kept["id"], kept["frames"], kept["skipped"]) == (film.film, 4, film.skipped)
    assert mp4(fetched(kept["mp4"], tmp_path / "kept.mp4")).numbers == [0, 1, 3, 4]
    (camera,) = until(home, "", lambda page: page["cameras"])["cameras"]
    assert camera["films"] == 1
    seen = ask(home, "GET", f"/yard/pictures?day={time.strftime('%Y-%m-%d', time.gmtime(begin))}")
    assert {each["at"] for each in seen.json()["pictures"]} >= {begin, begin + 1}


def test_a_second_film_waits_for_the_first(home: Home, phone: Device) -> None:
    """For as long as the first may be made, and no longer."""
    home.add("camera", "Yard")
    begin = took(home, list(frames(range(2))))
    period = {"start": begin, "end": begin + 60}
    films = CameraFilmTable(Table(home.stack.deployed.client, home.stack.table))
    now = time.time()
    films.begin(FilmUnderWay(home.id, "yard", "first", begin, begin + 60, now + 600), now)
    assert ask(home, "GET", "/yard/films").json()["making"] == {"id": "first", **period}
    refused = ask(home, "POST", "/yard/films", period)
    assert (refused.status_code, refused.json()["name"]) == (409, "film_under_way")
    films.begin(FilmUnderWay(home.id, "yard", "first", begin, begin + 60, now), now + 600)
    assert ask(home, "GET", "/yard/films").json()["making"] is None
    film = ask(home, "POST", "/yard/films", period)
    assert phone.hear(CameraFilm, within=PATIENCE).film == film.json()["id"]


def test_a_film_that_is_stopped_is_told_and_stands_in_nobodys_way(
    home: Home, phone: Device
) -> None:
    home.add("camera", "Yard")
    begin = took(home, list(frames(range(15))))  # long enough to be stopped in the middle
    period = {"start": begin, "end": begin + 60}
    film = ask(home, "POST", "/yard/films", period).json()["id"]
    machines = home.stack.aws.client("stepfunctions")
    running = machines.list_executions(
        stateMachineArn=home.stack.outputs["StopMotion"], statusFilter="RUNNING"
    )
    for each in running["executions"]:
        machines.stop_execution(executionArn=each["executionArn"])
    failed = phone.hear(CameraFilmFailed, within=PATIENCE)
    assert (failed.film, failed.reason, failed.end) == (film, "unavailable", begin + 60)
    shown = until(home, "/yard/films", lambda page: page["films"] and not page["making"])
    assert (shown["films"][0]["id"], shown["films"][0]["reason"]) == (film, "unavailable")
    assert ask(home, "POST", "/yard/films", period).status_code == 202
    phone.hear(CameraFilm, within=PATIENCE)


def test_a_partys_film_is_on_the_phone_and_on_its_cameras_page(home: Home, phone: Device) -> None:
    home.add("camera", "Party")
    at = time.strftime("%Y/%m/%d/%H%M%S", time.gmtime())
    key = f"bursts/{home.id}/party/{at}-000-3f1d.mjpeg"
    home.stack.deployed.put(key, b"".join(frames(range(4))))
    film = phone.hear(CameraFilm, within=PATIENCE)
    assert (film.name, film.frames, film.start) == ("Party", 4, film.end)
    shown = until(home, "/party/films", lambda page: page["films"])
    assert [each["id"] for each in shown["films"]] == [film.film]


def test_films_by_themselves_are_set_in_the_app_and_read_back(home: Home) -> None:
    """By the schedule that `make film EVERY=` sets, too. A camera that goes takes it along."""
    home.add("camera", "Yard")
    daily = {"every": "day", "at": "06:05", "zone": "Europe/Berlin"}
    for chosen in (daily, daily | {"every": "week"}):
        assert ask(home, "PUT", "/yard/schedule", chosen).status_code == 204
        assert ask(home, "GET", "/yard/schedule").json() == chosen
    group = home.stack.outputs["FilmSchedules"]
    scheduler = home.stack.aws.client("scheduler")
    named = {"GroupName": group, "NamePrefix": f"{home.id}."}
    assert len(scheduler.list_schedules(**named)["Schedules"]) == 1
    url = f"{home.stack.phone}/api/devices/yard"
    token = {"Authorization": f"Bearer {home.phone}"}
    assert httpx.delete(url, headers=token, trust_env=False).status_code == 204
    assert scheduler.list_schedules(**named)["Schedules"] == []
