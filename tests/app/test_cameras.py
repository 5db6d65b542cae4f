"""A camera's pictures in the app, from the camera's own request to a film that plays."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import expect

from docs.images.drawn_garden import garden_picture

if TYPE_CHECKING:
    from tests.phone.page import App
    from tests.stories.doorstep import Home

PATIENCE = 60_000
"""Milliseconds for a film."""


def test_what_a_camera_saw_is_shown_and_becomes_a_film(anna: App, home: Home) -> None:
    """The film comes onto the page by itself, and both stay when the page is loaded anew."""
    token = home.add("camera", "Garden")
    for hour in range(8, 14):
        answer = httpx.post(
            home.stack.cameras or "", content=garden_picture(hour), trust_env=False, timeout=20,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
    anna.page.reload()
    anna.go("Home")
    # The bus tells which picture is the last one.
    until = time.monotonic() + PATIENCE / 1000
    while home.ask("/api/cameras")["cameras"][0]["picture"] is None and time.monotonic() < until:
        time.sleep(0.1)
    anna.link("Cameras").click()
    anna.link("Garden").click()
    picture = anna.page.get_by_alt_text("The last picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    # A film is of what arrived before it was asked for.
    time.sleep(1)
    anna.button("Last day").click()
    expect(anna.heading("A film is being made")).to_be_visible()
    video = anna.page.locator("figure video")
    expect(video).to_be_visible(timeout=PATIENCE)
    assert video.evaluate("video => video.play().then(() => video.videoWidth)") > 0
    expect(anna.page.locator("figcaption")).to_contain_text("6 pictures")
    anna.page.get_by_role("switch").check()
    expect(anna.text("Each day at 06:00")).to_be_visible()
    anna.page.reload()
    expect(anna.text("6 pictures")).to_be_visible()
    expect(anna.page.get_by_role("switch")).to_be_checked()
    anna.link("Pictures of a day").click()
    tiles = anna.page.get_by_role("button", name="Picture of ")
    expect(tiles).to_have_count(6)
    tiles.last.click()
    expect(anna.dialog.get_by_role("img")).to_be_visible()
