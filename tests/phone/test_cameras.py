"""The cameras of the home: their last pictures, and films of what they saw."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from docs.images.drawn_garden import garden_picture
from filmmaker.films import make_gif
from tests.phone.fake_home import film, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App


def test_the_first_page_leads_to_the_cameras_and_each_to_its_last_picture(app: App) -> None:
    app.go("Home")
    app.link("Cameras").click()
    expect(app.heading("Cameras")).to_be_visible()
    expect(app.text("No picture in the last 30 days")).to_be_visible()
    app.link("Garden").first.click()
    expect(app.heading("Garden")).to_be_visible()
    expect(app.page.get_by_alt_text("The last picture")).to_be_visible()


def test_a_home_without_cameras_says_nothing_of_them(app: App, cloud: FakeCloud) -> None:
    cloud.home.others = [each for each in cloud.home.others if each["role"] != "camera"]
    app.page.reload()
    expect(app.text("Last visits")).to_be_visible()
    expect(app.link("Cameras")).to_have_count(0)


def test_the_list_says_where_each_rings_and_how_many_films_there_are(app: App) -> None:
    app.page.evaluate("location.hash = '#/cameras'")
    expect(app.link("Garden").first).to_contain_text("3 films")
    expect(app.link("Gate")).to_contain_text("Rings at Garden gate")


def test_a_film_of_what_a_camera_saw_is_shown_and_can_be_played(app: App) -> None:
    """With how many pictures it has and has not; and one that failed, with its reason."""
    camera(app)
    video = app.page.locator("figure video")
    expect(video).to_have_js_property("controls", value=True)
    video.evaluate("video => video.play()")
    video.evaluate("video => new Promise(moves => { video.ontimeupdate = moves; })")
    expect(app.page.locator("figcaption")).to_contain_text("240 pictures, 2 could not be opened")
    expect(app.text("no film, no picture of that time can be opened")).to_be_visible()


def test_where_the_mp4_cannot_play_the_gif_does(app: App, cloud: FakeCloud, tmp_path: Path) -> None:
    make_gif([garden_picture(9), garden_picture(15)], tmp_path / "film.gif", fps=5)
    cloud.photos |= {"film": b"no film", "gif": (tmp_path / "film.gif").read_bytes()}
    cloud.home.films[0]["gif"] = f"{cloud.home.bucket}/gif?X-Amz-Signature=4"
    camera(app)
    image = app.page.get_by_role("img", name="Film, ")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    expect(app.page.locator("figure video")).to_have_count(0)


def test_films_come_page_by_page(app: App, cloud: FakeCloud) -> None:
    now = time.time()
    cloud.home.films = [
        film(f"f{n}", now - 60 * n - 60, now - 60 * n, reason="unavailable") for n in range(13)
    ]
    camera(app)
    notes = app.page.locator(".note.failed")
    expect(notes).to_have_count(10)
    app.button("Load more").click()
    expect(notes).to_have_count(13)
    expect(app.button("Load more")).to_be_hidden()


@pytest.mark.parametrize(
    ("asked", "days"), [("Last day", 1), ("Last week", 7), ("Last 30 days", 30)]
)
def test_a_manager_has_a_film_made(app: App, cloud: FakeCloud, asked: str, days: int) -> None:
    camera(app)
    app.button(asked).click()
    expect(app.heading("A film is being made")).to_be_visible()
    expect(app.button(asked)).to_have_count(0)
    method, path, body = cloud.home.asked[-1]
    assert (method, path) == ("POST", "/cameras/garden/films")
    assert body["end"] - body["start"] == pytest.approx(days * 86400)
    assert body["end"] == pytest.approx(time.time(), abs=60)


def test_a_film_of_chosen_days_has_both_of_them_whole(app: App, cloud: FakeCloud) -> None:
    camera(app)
    app.field("From").fill("2026-07-01")
    app.field("Until").fill("2026-07-02")
    app.button("Of these days").click()
    expect(app.heading("A film is being made")).to_be_visible()
    body = cloud.home.asked[-1][2]
    begin = datetime(2026, 7, 1).astimezone().timestamp()
    assert (body["start"], body["end"]) == (begin, begin + 2 * 86400)


def test_a_film_comes_by_itself_when_it_is_made(app: App, cloud: FakeCloud) -> None:
    """The socket tells; what a camera elsewhere has made is no film of this one."""
    camera(app)
    app.button("Last day").click()
    expect(app.heading("A film is being made")).to_be_visible()
    tell(cloud, "other", camera="gate")
    expect(app.text("A film of Garden is there")).to_be_visible()
    expect(app.heading("A film is being made")).to_be_visible()
    assert cloud.home.making
    for _ in range(2):
        tell(cloud, cloud.home.making["id"])
    expect(app.page.locator("figure video")).to_have_count(2)
    expect(app.page.locator("figcaption").first).to_contain_text("12 pictures")
    expect(app.button("Last day")).to_be_visible()


def test_a_film_that_fails_says_so_and_why(app: App, cloud: FakeCloud) -> None:
    camera(app)
    app.button("Last day").click()
    expect(app.heading("A film is being made")).to_be_visible()
    assert cloud.home.making
    now = time.time()
    cloud.send({
        "type": "camera_film_failed", "camera": "garden", "name": "Garden",
        "film": cloud.home.making["id"], "start": now - 86400, "end": now, "reason": "unavailable",
    })  # fmt: skip
    expect(app.text("No film of Garden: something failed.")).to_be_visible()
    expect(app.page.locator(".note.failed").first).to_contain_text("something failed")
    expect(app.button("Last day")).to_be_visible()


def test_what_was_told_while_the_line_was_down_is_asked_for(app: App, cloud: FakeCloud) -> None:
    camera(app)
    app.button("Last day").click()
    expect(app.heading("A film is being made")).to_be_visible()
    assert cloud.home.making
    made, cloud.home.making = cloud.home.making, None
    cloud.home.films.insert(0, film(made["id"], made["start"], made["end"], reason="no_pictures"))
    cloud.hang_up()
    expect(app.button("Last day")).to_be_visible(timeout=10_000)
    expect(app.page.locator(".note.failed")).to_have_count(2)


def test_a_film_under_way_is_shown_to_whoever_comes(app: App, cloud: FakeCloud) -> None:
    """Another phone asked for it in this moment."""
    camera(app)
    now = time.time()
    cloud.home.problems["POST /cameras/garden/films"] = problem(409, "film_under_way")
    cloud.home.making = {"id": "f9", "start": now - 86400, "end": now}
    app.button("Last day").click()
    expect(app.heading("A film is being made")).to_be_visible()


def test_what_went_wrong_is_said_beside_the_button(app: App, cloud: FakeCloud) -> None:
    cloud.home.problems["POST /cameras/garden/films"] = problem(503, "try_again")
    camera(app)
    app.button("Last day").click()
    expect(app.page.get_by_role("alert").filter(has_text="try again").first).to_be_visible()


def test_films_by_themselves_are_turned_on_changed_and_off(app: App, cloud: FakeCloud) -> None:
    cloud.home.schedule = {"every": "never", "at": None, "zone": None}
    camera(app)
    expect(app.text("None is made by itself.")).to_be_visible()
    app.page.get_by_role("switch").check()
    expect(app.text("Each day at 06:00")).to_be_visible()
    app.field("How often").select_option("Each week, on Monday")
    expect(app.text("Each Monday at 06:00")).to_be_visible()
    at = app.page.get_by_label("At", exact=True)
    at.fill("07:30")
    at.blur()
    expect(app.text("Each Monday at 07:30")).to_be_visible()
    zone = app.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert cloud.home.schedule == {"every": "week", "at": "07:30", "zone": zone}
    app.page.get_by_role("switch").uncheck()
    expect(app.text("None is made by itself.")).to_be_visible()
    assert cloud.home.schedule["every"] == "never"


def test_a_schedule_that_is_refused_goes_back(app: App, cloud: FakeCloud) -> None:
    cloud.home.problems["PUT /cameras/garden/schedule"] = problem(503, "try_again")
    camera(app)
    # Not `uncheck`: that looks whether it stayed off, and the refusal may be quicker.
    app.page.get_by_role("switch").click()
    expect(app.page.get_by_role("alert").filter(has_text="try again").first).to_be_visible()
    expect(app.page.get_by_role("switch")).to_be_checked()


def test_a_member_who_is_no_manager_reads_and_changes_nothing(app: App, cloud: FakeCloud) -> None:
    cloud.home.phone["manager"] = False
    cloud.home.schedule = {"every": "week", "at": "06:00", "zone": "Asia/Tokyo"}
    cloud.home.making = {"id": "f9", "start": time.time() - 60, "end": time.time()}
    app.page.reload()
    camera(app)
    expect(app.heading("A film is being made")).to_be_visible()
    expect(app.text("Each Monday at 06:00 (Asia/Tokyo)")).to_be_visible()
    expect(app.text("Make a film")).to_have_count(0)
    expect(app.page.get_by_role("switch")).to_have_count(0)


def test_the_pictures_of_a_day_open_large(app: App) -> None:
    """The day is that of the last picture; each is fetched when it comes into sight."""
    camera(app)
    app.link("Pictures of a day").click()
    tiles = app.page.get_by_role("button", name="Picture of ")
    expect(tiles).to_have_count(10)
    assert {each.get_attribute("loading") for each in tiles.locator("img").all()} == {"lazy"}
    tiles.nth(8).click()
    image = app.dialog.get_by_role("img")
    first = image.get_attribute("src")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    app.dialog.get_by_role("button", name="The next picture").click()
    assert image.get_attribute("src") != first
    expect(app.dialog.get_by_role("button", name="The next picture")).to_be_disabled()
    app.page.keyboard.press("ArrowLeft")
    assert image.get_attribute("src") == first
    app.page.keyboard.press("Escape")
    expect(app.dialog).to_have_count(0)


def test_a_day_has_pages_and_the_day_before_is_a_tap_away(app: App, cloud: FakeCloud) -> None:
    today = datetime.now().astimezone().date()
    link = f"{cloud.home.bucket}/garden9?X-Amz-Signature=1"
    cloud.home.pictures = {
        (today - timedelta(days=1)).isoformat(): [
            {"url": link, "at": time.time() - 86400 + n} for n in range(50)
        ]
    }
    app.page.evaluate("location.hash = '#/cameras/gate/pictures'")
    expect(app.text("No pictures: Today")).to_be_visible()
    expect(app.button("The day after")).to_be_disabled()
    app.button("The day before").click()
    tiles = app.page.get_by_role("button", name="Picture of ")
    expect(tiles).to_have_count(48)
    app.button("Load more").click()
    expect(tiles).to_have_count(50)
    app.field("Day").fill((today - timedelta(days=9)).isoformat())
    expect(app.text("No pictures: ")).to_be_visible()


def test_a_camera_that_there_is_not_is_said_to_be_none(app: App) -> None:
    app.page.evaluate("location.hash = '#/cameras/nowhere'")
    expect(app.page.get_by_role("alert").first).to_be_visible()


def camera(app: App) -> None:
    """The page of the garden's camera."""
    app.page.evaluate("location.hash = '#/cameras/garden'")
    expect(app.heading("Garden")).to_be_visible()


def tell(cloud: FakeCloud, number: str, camera: str = "garden") -> None:
    """The socket says that a film is made."""
    now, link = time.time(), f"{cloud.home.bucket}/film?X-Amz-Signature=1"
    cloud.send({
        "type": "camera_film", "camera": camera, "name": "Garden", "film": number,
        "start": now - 86400, "end": now, "frames": 12, "skipped": 0, "gif": link, "mp4": link,
    })  # fmt: skip
