"""A notice that was tapped leads to its ring, or to what became of it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.phone.fake_home import visit

if TYPE_CHECKING:
    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

TAP = """address => navigator.serviceWorker.dispatchEvent(
  new MessageEvent("message", { data: { address } }))"""


def test_a_ring_that_is_over_leads_to_its_visit(app: App) -> None:
    """The notice of a visitor was tapped an hour later."""
    app.page.goto("about:blank")
    app.page.goto(f"{app.origin}/#ring=r5")
    expect(app.page).to_have_url(re.compile("#/visit/r5$"))
    expect(app.text("Declined by Grace")).to_be_visible()


def test_in_an_open_app_too(app: App) -> None:
    app.page.evaluate(TAP, "/#ring=r5&do=let_in")
    expect(app.text("Declined by Grace")).to_be_visible()
    expect(app.page).to_have_url(re.compile("#/visit/r5$"))


def test_a_visitor_who_waits_is_shown_and_nothing_else(app: App, cloud: FakeCloud) -> None:
    cloud.home.visits.insert(0, visit("r9", at=time.time() - 20, outcome="asked"))
    cloud.pending = [{
        "type": "visitor", "ring": "r9", "door": "Front door", "reason": "stranger",
        "answer_within": 40, "photo": None,
    }]  # fmt: skip
    app.page.goto("about:blank")
    with app.page.expect_response("**/api/rings"):
        app.page.goto(f"{app.origin}/#ring=r9")
    cloud.wait_for(action="hello", times=2)
    app.ring_says("Front door")
    app.page.wait_for_timeout(300)
    assert app.page.url == f"{app.origin}/"
