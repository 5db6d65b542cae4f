"""The cameras of the home: their last pictures, and films of what they saw."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from docs.images.drawn_garden import garden_picture
from filmmaker.films import make_mp4
from tests.phone.fake_home import Answer, problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App


def test_the_first_page_leads_to_the_cameras_and_each_to_its_last_picture(app: App) -> None:
    app.go("Home")
    app.link("Cameras").click()
    expect(app.heading("Cameras")).to_be_visible()
    expect(app.text("No picture in the last 30 days")).to_be_visible()
    app.link("Garden").click()
    expect(app.heading("Garden")).to_be_visible()
    expect(app.page.get_by_alt_text("The last picture")).to_be_visible()


def test_a_home_without_cameras_says_nothing_of_them(app: App, cloud: FakeCloud) -> None:
    cloud.home.others = [each for each in cloud.home.others if each["role"] != "camera"]
    app.page.reload()
    expect(app.text("Last visits")).to_be_visible()
    expect(app.link("Cameras")).to_have_count(0)


def test_a_film_of_what_a_camera_saw_is_shown_and_can_be_played(
    app: App, cloud: FakeCloud, tmp_path: Path
) -> None:
    make_mp4([garden_picture(hour) for hour in range(6, 20)], tmp_path / "film.mp4", fps=5)
    cloud.photos["film"] = (tmp_path / "film.mp4").read_bytes()
    link = f"{cloud.home.bucket}/film?X-Amz-Signature=4"
    now = time.time()
    cloud.home.films = [{"start": now - 86400, "end": now, "gif": link, "mp4": link}]
    app.page.evaluate("location.hash = '#/cameras/garden'")
    video = app.page.locator("figure video")
    expect(video).to_have_js_property("controls", value=True)
    video.evaluate("video => video.play()")
    video.evaluate("video => new Promise(moves => { video.ontimeupdate = moves; })")
    expect(app.page.locator("figcaption")).to_contain_text("to Today")


@pytest.mark.parametrize(("asked", "days"), [("Of the last day", 1), ("Of the last week", 7)])
def test_a_manager_has_a_film_made(app: App, cloud: FakeCloud, asked: str, days: int) -> None:
    app.page.evaluate("location.hash = '#/cameras/garden'")
    app.button(asked).click()
    expect(app.text("It is being made.")).to_be_visible()
    method, path, body = cloud.home.asked[-1]
    assert (method, path) == ("POST", "/cameras/garden/films")
    assert body["end"] - body["start"] == pytest.approx(days * 86400)
    assert body["end"] == pytest.approx(time.time(), abs=60)


def test_what_went_wrong_is_said_beside_the_button(app: App, cloud: FakeCloud) -> None:
    refused: Answer = problem(503, "try_again")
    cloud.home.problems["POST /cameras/garden/films"] = refused
    app.page.evaluate("location.hash = '#/cameras/garden'")
    app.button("Of the last day").click()
    expect(app.page.get_by_role("alert").filter(has_text="try again").first).to_be_visible()


def test_a_member_who_is_no_manager_makes_none(app: App, cloud: FakeCloud) -> None:
    cloud.home.phone["manager"] = False
    app.page.reload()
    app.page.evaluate("location.hash = '#/cameras/garden'")
    expect(app.heading("Films")).to_be_visible()
    expect(app.text("Make a film")).to_have_count(0)


def test_a_camera_that_there_is_not_is_said_to_be_none(app: App) -> None:
    app.page.evaluate("location.hash = '#/cameras/nowhere'")
    expect(app.page.get_by_role("alert").first).to_be_visible()
