"""A phone joins a home, and leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

pytestmark = pytest.mark.own_phone

LEFT = """async () => ({
  databases: (await indexedDB.databases()).map(each => each.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  session: Object.keys(sessionStorage),
})"""


def test_a_link_pairs_this_phone_and_leaves_the_address(new_phone: App, cloud: FakeCloud) -> None:
    cloud.home.pairings["home.abc"] = {}
    new_phone.pair(f"{cloud.home.origin}/#pair=home.abc", name="Anna's phone")
    cloud.wait_for(action="hello")
    assert ("POST", "/pairings/home.abc", {"name": "Anna's phone"}) in cloud.home.asked
    assert "abc" not in new_phone.page.url
    new_phone.page.reload()
    expect(new_phone.heading("Nobody at the door")).to_be_visible()


def test_a_link_that_is_used_up_says_so(new_phone: App, cloud: FakeCloud) -> None:
    new_phone.open_link(f"{cloud.home.origin}/#pair=home.used")
    new_phone.button("Pair this phone").click()
    expect(new_phone.text("wrong, used or older than ten minutes")).to_be_visible()


def test_a_link_can_be_pasted(new_phone: App, cloud: FakeCloud) -> None:
    cloud.home.pairings["home.abc"] = {}
    new_phone.page.goto(cloud.home.origin)
    new_phone.field("Pairing link").fill("not a link")
    new_phone.button("Go on").click()
    expect(new_phone.text("This is no pairing link")).to_be_visible()
    new_phone.field("Pairing link").fill(f"{cloud.home.origin}/#pair=home.abc")
    new_phone.button("Go on").click()
    new_phone.button("Pair this phone").click()
    expect(new_phone.tabs).to_be_visible()


def test_a_paired_phone_is_asked_before_it_is_paired_anew(app: App, cloud: FakeCloud) -> None:
    cloud.home.pairings["home.abc"] = {}
    app.open_link(f"{cloud.home.origin}/#pair=home.abc")
    expect(app.heading("Already paired")).to_be_visible()
    app.button("Keep it as it is").click()
    expect(app.tabs).to_be_visible()
    assert "home.abc" in cloud.home.pairings


def test_a_browser_that_keeps_nothing_does_not_use_up_the_link(
    new_phone: App, cloud: FakeCloud
) -> None:
    cloud.home.pairings["home.abc"] = {}
    new_phone.page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); }"
    )
    new_phone.open_link(f"{cloud.home.origin}/#pair=home.abc")
    new_phone.button("Pair this phone").click()
    expect(new_phone.text("not a private one")).to_be_visible()
    assert "home.abc" in cloud.home.pairings


def test_a_revoked_phone_says_so_and_forgets_everything(app: App, cloud: FakeCloud) -> None:
    app.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    cloud.revoke()
    expect(app.heading("This phone was removed")).to_be_visible()
    nothing = {"databases": [], "caches": [], "workers": 0, "session": []}
    app.page.wait_for_function(f"async () => !(await ({LEFT})()).databases.length")
    assert app.page.evaluate(LEFT) == nothing
    app.page.reload()
    expect(app.heading("Your door, in your hand")).to_be_visible()


def test_a_phone_may_leave_by_itself(app: App, cloud: FakeCloud) -> None:
    app.go("Settings")
    app.button("Leave this home").click()
    app.confirm("Leave")
    expect(app.heading("This phone has left")).to_be_visible()
    assert ("DELETE", "/devices/phone1", {}) in cloud.home.asked
