"""What the service worker does with a message that was pushed, in a real browser."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.phone.browser import SIZE, chromium
from tests.phone.fake_home import visit
from tests.phone.pocket import Pocket, a_code, a_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.phone.fake_server import FakeCloud

NEWER_DATABASE = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("doorbell", 2);
  request.onerror = () => reject(request.error);
  request.onsuccess = () => { request.result.close(); resolve(); };
})"""
"""One that this version of the app cannot open any more."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that shows notices."""
    with chromium() as running:
        yield running


@pytest.fixture
def pocket(browser: Browser, cloud: FakeCloud) -> Iterator[Pocket]:
    context = browser.new_context(viewport=SIZE, locale="en-GB", permissions=["notifications"])
    with context:
        yield Pocket(context.new_page(), cloud)


def test_each_word_of_a_ring_replaces_the_one_before(pocket: Pocket) -> None:
    """One notice a ring: somebody, then who, then what became of it."""
    pocket.push(a_notice())
    assert pocket.says("Someone is at Front door")["body"] == ""
    pocket.push(a_notice(type="visitor", reason="stranger", answer_until=time.time() + 60))
    pocket.push(a_notice(type="opened", by="Grace"))
    assert pocket.says("Front door opened")["body"] == "By Grace"
    assert len(pocket.shown()) == 1


def test_a_word_that_comes_late_replaces_nothing(pocket: Pocket) -> None:
    pocket.push(a_notice(type="declined", by="Grace"))
    pocket.says("Declined at Front door")
    pocket.push(a_notice())
    pocket.page.wait_for_timeout(300)
    assert [each["title"] for each in pocket.shown()] == ["Declined at Front door"]


def test_two_rings_have_a_notice_each(pocket: Pocket) -> None:
    pocket.push(a_notice())
    pocket.push(a_notice(ring="p2", door="Garden gate"))
    assert {each["title"] for each in pocket.shown(2)} == {
        "Someone is at Front door",
        "Someone is at Garden gate",
    }


def test_a_code_is_hidden_on_the_lock_screen_and_shown_in_the_app(pocket: Pocket) -> None:
    pocket.push(a_code())
    shown = pocket.says("A code for Eileen")
    assert "042137" not in json.dumps(pocket.shown())
    assert shown["silent"] is True, "whoever looks at the app hears it from the app"
    expect(pocket.app.code).to_be_visible()
    expect(pocket.app.code).to_contain_text("042")


def test_a_code_stands_on_the_lock_screen_of_whoever_wants_it(pocket: Pocket) -> None:
    pocket.push(a_code(), on_lock_screen=True)
    assert "Eileen" in pocket.says("042137")["body"]


def test_a_code_waits_for_the_app_to_be_opened(pocket: Pocket) -> None:
    """Pushed while no page was there; the app shows it without asking anybody."""
    origin = pocket.page.url
    pocket.page.goto("about:blank")
    pocket.push(a_code())
    pocket.page.wait_for_timeout(2500)  # nothing here can see that the notice is there
    pocket.page.goto(origin)
    assert pocket.says("A code for Eileen")["silent"] is False
    expect(pocket.app.code).to_contain_text("042")


def test_a_code_that_cannot_be_kept_is_told_all_the_same(pocket: Pocket) -> None:
    """The push service's word has kept the bell quiet: the notice is all there is."""
    pocket.page.evaluate(NEWER_DATABASE)
    pocket.push(a_code(), on_lock_screen=True)
    assert "Eileen" in pocket.says("042137")["body"]


def test_a_line_that_is_dead_rings_by_notice_and_by_history(
    pocket: Pocket, cloud: FakeCloud
) -> None:
    """It looks open for minutes: what is pushed meanwhile is aloud, and wakes the app."""
    cloud.wait_for(action="hello")
    cloud.deaf = True
    cloud.home.visits.insert(0, visit("p1", at=time.time(), outcome="asked"))
    pocket.push(a_notice())
    cloud.wait_for(action="ping")
    pocket.app.ring_says("Not somebody who lives here")
    assert pocket.says("Someone is at Front door")["silent"] is False


def test_who_it_is_does_not_replace_the_code(pocket: Pocket) -> None:
    """All phones of the home hear of the resident, also the one that has just got the code."""
    pocket.push(a_code())
    pocket.says("A code for Eileen")
    pocket.push(a_notice(type="resident", resident="Eileen"))
    pocket.page.wait_for_timeout(300)
    assert [each["title"] for each in pocket.shown()] == ["A code for Eileen"]
    pocket.push(a_notice(type="opened", by="code"))
    pocket.says("Front door opened")
