"""What the service worker does with a message that was pushed, in a real browser."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from doorbell.push.delivery import content
from doorbell.push.model import Notice
from tests.phone.browser import SIZE, chromium
from tests.phone.page import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

    from tests.phone.fake_server import FakeCloud

SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.map(({ title, body, tag, silent }) => ({ title, body, tag, silent }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that shows notices."""
    with chromium() as running:
        yield running


class Pocket:
    """A paired phone whose worker gets messages as a push service delivers them."""

    def __init__(self, page: Page, cloud: FakeCloud) -> None:
        self.page = page
        self.app = App(page, cloud.home.origin)
        self.app.keep(cloud.home.token)
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        self._origin = cloud.home.origin
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._registration = self._find_registration()

    def push(self, notice: Notice, *, on_lock_screen: bool = False) -> None:
        """What `Push` sends, decrypted."""
        text = content(notice, silent=False, on_lock_screen=on_lock_screen).decode()
        self._devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._origin, "registrationId": self._registration, "data": text},
        )

    def shown(self, count: int = 1) -> list[dict[str, Any]]:
        """The notices on the screen, as soon as there are so many."""
        until = time.monotonic() + 5
        while True:
            found: list[dict[str, Any]] = self.page.evaluate(SHOWN)
            if len(found) >= count or time.monotonic() > until:
                return found
            self.page.wait_for_timeout(50)

    def says(self, title: str) -> dict[str, Any]:
        """The notice of this title, once it is shown."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            for each in self.shown():
                if each["title"] == title:
                    return each
        raise AssertionError(f"no {title!r} among {json.dumps(self.shown())}")

    def _find_registration(self) -> str:
        found: list[str] = []
        self._devtools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
        )
        self._devtools.send("ServiceWorker.enable")
        until = time.monotonic() + 5
        while not found and time.monotonic() < until:
            self.page.wait_for_timeout(20)
        return found[0]


@pytest.fixture
def pocket(browser: Browser, cloud: FakeCloud) -> Iterator[Pocket]:
    context = browser.new_context(viewport=SIZE, locale="en-GB", permissions=["notifications"])
    with context:
        yield Pocket(context.new_page(), cloud)


def a_notice(**changes: Any) -> Notice:
    now = time.time()
    return Notice("pressed", "home", "Front door", now, now + 60, "r5")._replace(**changes)


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
    pocket.push(a_notice(ring="r6", door="Garden gate"))
    assert {each["title"] for each in pocket.shown(2)} == {
        "Someone is at Front door",
        "Someone is at Garden gate",
    }


def test_a_code_is_hidden_on_the_lock_screen_and_shown_in_the_app(pocket: Pocket) -> None:
    code = a_notice(type="code", resident="Eileen", code="042137", expires_at=time.time() + 120)
    pocket.push(code)
    shown = pocket.says("A code for Eileen")
    assert "042137" not in json.dumps(pocket.shown())
    assert shown["silent"] is True, "whoever looks at the app hears it from the app"
    expect(pocket.app.code).to_be_visible()
    expect(pocket.app.code).to_contain_text("042")


def test_a_code_stands_on_the_lock_screen_of_whoever_wants_it(pocket: Pocket) -> None:
    code = a_notice(type="code", resident="Eileen", code="042137", expires_at=time.time() + 120)
    pocket.push(code, on_lock_screen=True)
    assert "Eileen" in pocket.says("042137")["body"]


def test_a_code_waits_for_the_app_to_be_opened(pocket: Pocket) -> None:
    """Pushed while no page was there; the app shows it without asking anybody."""
    origin = pocket.page.url
    code = a_notice(type="code", resident="Eileen", code="042137", expires_at=time.time() + 120)
    pocket.page.goto("about:blank")
    pocket.push(code)
    pocket.page.wait_for_timeout(500)
    pocket.page.goto(origin)
    assert pocket.says("A code for Eileen")["silent"] is False
    expect(pocket.app.code).to_contain_text("042")
