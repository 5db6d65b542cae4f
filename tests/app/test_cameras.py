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

PATIENCE = 60.0


def test_what_a_camera_saw_is_shown_and_becomes_a_film(anna: App, home: Home) -> None:
    token = home.add("camera", "Garden")
    for hour in range(8, 14):
        answer = httpx.post(
            home.stack.cameras or "", content=garden_picture(hour), trust_env=False, timeout=20,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
    anna.page.reload()
    anna.go("Home")
    anna.link("Cameras").click()
    anna.link("Garden").click()
    picture = anna.page.get_by_alt_text("The last picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    # A film is of what arrived before it was asked for.
    time.sleep(1)
    anna.button("Of the last day").click()
    expect(anna.text("It is being made.")).to_be_visible()
    video = anna.page.locator("figure video")
    until = time.monotonic() + PATIENCE
    while video.count() == 0 and time.monotonic() < until:
        anna.page.reload()
        expect(anna.heading("Films")).to_be_visible()
        anna.page.wait_for_timeout(500)
    assert video.evaluate("video => video.play().then(() => video.videoWidth)") > 0
