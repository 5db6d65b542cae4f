"""A browser allows no sound before it was touched; the app says so, and its notices stay loud."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.phone.browser import SIZE, chromium
from tests.phone.demo_home import visitor
from tests.phone.pocket import Pocket, a_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """As a resident has it: silent until it is touched."""
    with chromium("--autoplay-policy=document-user-activation-required") as running:
        yield running


@pytest.fixture
def pocket(browser: Browser, cloud: FakeCloud) -> Iterator[Pocket]:
    """A phone whose app is on the screen, and was not touched yet."""
    context = browser.new_context(viewport=SIZE, locale="en-GB", permissions=["notifications"])
    with context:
        pocket = Pocket(context.new_page(), cloud)
        cloud.wait_for(action="hello")
        # Playwright looks at a page with a user's gesture: not before the app has started.
        pocket.page.reload()
        cloud.wait_for(times=2, action="hello")
        yield pocket


def hint(app: App) -> Locator:
    """What is said while there is no sound."""
    return app.page.get_by_role("status").filter(has_text="Tap once to allow sound")


def tap(app: App) -> None:
    """One finger, once, where nothing is."""
    app.touch(app.heading("Nobody at the door"))()


def test_one_tap_of_a_finger_allows_sound(pocket: Pocket) -> None:
    """That a finger comes down allows nothing by the HTML standard; that it is lifted does.

    Playwright looks at a page with a user's gesture, which would allow it: the browser is asked.
    """
    browser = pocket.page.context.new_cdp_session(pocket.page)

    def is_said() -> bool:
        asked = browser.send("Runtime.evaluate", {"expression": SAID})
        return bool(asked["result"]["value"])

    wait_until(is_said)
    corner = {"type": "touchStart", "touchPoints": [{"x": 5, "y": 5}]}
    browser.send("Input.dispatchTouchEvent", corner)
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_until(lambda: not is_said())


SAID = "document.querySelector('.sound')?.hidden === false"


def wait_until(true: Callable[[], bool]) -> None:
    """Fails after five seconds."""
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_ring_is_not_covered_by_what_is_said_of_sound(pocket: Pocket, cloud: FakeCloud) -> None:
    expect(hint(pocket.app)).to_be_visible()
    visitor(cloud)
    pocket.app.ring_says("Someone is at Front door")
    expect(hint(pocket.app)).to_be_hidden()
    pocket.app.button("Show the app below").focus()
    pocket.app.page.keyboard.press("Enter")
    expect(hint(pocket.app)).to_be_hidden()


def test_a_notice_is_aloud_while_the_app_on_the_screen_is_silent(pocket: Pocket) -> None:
    pocket.push(a_notice())
    assert pocket.says("Someone is at Front door")["silent"] is False
    tap(pocket.app)
    expect(hint(pocket.app)).to_be_hidden()
    pocket.push(a_notice(ring="p2", door="Garden gate"))
    assert pocket.says("Someone is at Garden gate")["silent"] is True


def test_sound_that_a_call_took_away_comes_back_with_a_tap(pocket: Pocket) -> None:
    """An iPhone's word for it is `interrupted`."""
    pocket.page.add_init_script("""
      let state = "interrupted";
      Object.defineProperty(AudioContext.prototype, "state", { get: () => state });
      AudioContext.prototype.resume = async () => { state = "running"; };
    """)
    pocket.page.reload()
    expect(hint(pocket.app)).to_be_visible()
    tap(pocket.app)
    expect(hint(pocket.app)).to_be_hidden()
