"""A phone with the app's service worker, and messages as a push service delivers them to it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from doorbell.push.delivery import content
from doorbell.push.model import Notice
from tests.phone.page import App

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

    from tests.phone.fake_server import FakeCloud

SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.map(({ title, body, tag, silent }) => ({ title, body, tag, silent }));
}"""


def a_notice(**changes: Any) -> Notice:
    """Somebody pressed just now."""
    now = time.time()
    return Notice("pressed", "home", "Front door", now, now + 60, "p1")._replace(**changes)


def a_code() -> Notice:
    """Eileen's, which lives for two minutes."""
    return a_notice(type="code", resident="Eileen", code="042137", expires_at=time.time() + 120)


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
