"""A phone joins a home, and leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.phone.fake_home import problem
from tests.phone.fake_push import HOST, FakePush, told
from tests.phone.page import App

if TYPE_CHECKING:
    from tests.phone.fake_server import FakeCloud

pytestmark = pytest.mark.own_phone

LEFT = """async () => ({
  databases: (await indexedDB.databases()).map(each => each.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  session: Object.keys(sessionStorage),
})"""


KEEP_CODE = """async () => {
  const { keepCode } = await import("/scripts/storage.js");
  await keepCode({ ring: "r1", code: "042137", door: "Front door", resident: "Eileen",
    expires_at: Date.now() / 1000 + 100 });
}"""

KEPT = """async () => {
  const { lastVisits, liveCodes, paired } = await import("/scripts/storage.js");
  return { token: (await paired()).token, visits: (await lastVisits()).length,
    codes: (await liveCodes(0)).length };
}"""


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


def pair_anew(app: App, cloud: FakeCloud) -> None:
    cloud.home.pairings["new.abc"] = {}
    app.open_link(f"{cloud.home.origin}/#pair=new.abc")
    app.button("Pair it anew").click()
    app.button("Pair this phone").click()


def test_a_phone_that_is_paired_anew_leaves_the_home_before(app: App, cloud: FakeCloud) -> None:
    """It is removed there, keeps nothing of it, and is told nothing by it; notices go on."""
    push = FakePush(app.page)
    push.give()
    cloud.home.mine["push"] = True
    cloud.home.others[2]["manager"] = True
    app.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    app.page.evaluate(KEEP_CODE)
    former = cloud.move_in()
    pair_anew(app, cloud)
    expect(app.text("Nobody has rung yet.")).to_be_visible()
    assert ("DELETE", "/devices/phone1", {}) in former.asked
    assert app.page.evaluate(KEPT) == {"token": "new.phone9.secret", "visits": 0, "codes": 0}
    assert push.address != f"{HOST}/1", "the home before knows this one"
    assert told("2") in cloud.home.asked


def test_the_last_phone_that_manages_a_home_is_told_so_before_its_link_is_used(
    app: App, cloud: FakeCloud
) -> None:
    cloud.home.pairings["home.abc"] = {}
    app.open_link(f"{cloud.home.origin}/#pair=home.abc")
    app.button("Pair it anew").click()
    expect(app.text("Make another phone a manager first")).to_be_visible()
    assert "home.abc" in cloud.home.pairings
    assert not cloud.home.asked
    app.button("Keep it as it is").click()
    expect(app.tabs).to_be_visible()


def test_a_home_that_does_not_let_a_phone_go_is_told(app: App, cloud: FakeCloud) -> None:
    cloud.home.others[2]["manager"] = True
    former = cloud.move_in()
    former.problems["DELETE /devices/phone1"] = problem(503, "try_again")
    pair_anew(app, cloud)
    expect(app.text("still lists this phone")).to_be_visible()
    app.button("Go on").click()
    expect(app.text("Nobody has rung yet.")).to_be_visible()


def test_a_phone_that_was_removed_meanwhile_has_no_home_to_leave(
    app: App, cloud: FakeCloud
) -> None:
    former = cloud.move_in()
    cloud.home.pairings["new.abc"] = {}
    app.open_link(f"{cloud.home.origin}/#pair=new.abc")
    expect(app.heading("Already paired")).to_be_visible()
    former.problems["GET /home"] = problem(401, "bad_token")
    app.button("Pair it anew").click()
    app.button("Pair this phone").click()
    expect(app.text("Nobody has rung yet.")).to_be_visible()
    assert not former.asked


def test_another_tab_of_the_home_before_does_not_forget_the_new_one(
    app: App, cloud: FakeCloud
) -> None:
    """Its token is nobody's any more; that is no reason to delete what has just been kept."""
    cloud.home.others[2]["manager"] = True
    other = App(app.page.context.new_page(), app.origin)
    other.page.goto(app.origin)
    expect(other.text("Let in by Eileen")).to_be_visible()
    cloud.move_in()
    pair_anew(app, cloud)
    expect(app.text("Nobody has rung yet.")).to_be_visible()
    cloud.hang_up()
    expect(other.text("Nobody has rung yet.")).to_be_visible()


IPHONE = """Object.defineProperty(navigator, "userAgent", { get: () => "Mozilla/5.0 (iPhone)" });
navigator.clipboard.writeText = async (text) => { window.copied = text; };"""


def test_an_iphone_takes_the_link_with_it_to_the_home_screen(
    new_phone: App, cloud: FakeCloud
) -> None:
    """The code is taken out of the address, and a link that pairs the browser serves no app."""
    link = f"{cloud.home.origin}/#pair=home.abc"
    cloud.home.pairings["home.abc"] = {}
    new_phone.page.add_init_script(IPHONE)
    new_phone.open_link(link)
    expect(new_phone.text("do not pair here")).to_be_visible()
    new_phone.button("Copy the link").click()
    expect(new_phone.button("Copied")).to_be_visible()
    assert new_phone.page.evaluate("copied") == link


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
