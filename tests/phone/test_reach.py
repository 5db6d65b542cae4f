"""Every page: for everybody, in both lights, and with nothing from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.phone.demo_home import visitor
from tests.phone.fake_home import device, visit
from tests.phone.scenes import SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

NAMES = (
    "<b onclick=alert(1)>Bold</b><img src=x onerror=alert(1)>",
    "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4} Zoë",
    "\u05d9\u05e8\u05d3\u05df \u05db\u05d4\u05df",
    "W" * 64,
)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("name", SCENES)
def test_axe_finds_nothing_serious_in_either_light(app: App, cloud: FakeCloud, name: str) -> None:
    SCENES[name](app, cloud)
    app.page.wait_for_timeout(300)
    assert not serious(app.page, {})
    app.page.emulate_media(color_scheme="dark")
    assert not serious(app.page, {"runOnly": ["color-contrast"]})
    app.page.emulate_media(color_scheme="light")
    assert not app.page.evaluate(TOO_WIDE)


def serious(page: Page, options: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What axe finds that keeps somebody out: the rule, and where."""
    return [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in Axe().run(page, options=options).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text_whatever_they_hold(app: App, cloud: FakeCloud, name: str) -> None:
    cloud.home.others = [device("door1", "door", name)]
    cloud.home.visits = [visit("r1", resident=name, door=name, by=name, outcome="declined")]
    cloud.home.residents = [{"name": name, "faces": 0, "consent": None, "photos": []}]
    cloud.home.guests[0]["name"] = name
    app.page.reload()
    for place in ("Home", "History", "Residents", "Guests", "Settings"):
        app.go(place)
        expect(app.page.get_by_text(name).first).to_be_visible()
        assert not app.page.evaluate(TOO_WIDE), place
    visitor(cloud, door=name)
    app.ring_says(name)
    assert not app.page.locator("main b, main img[src=x], #ring b").count()


BODIES = """() => ["navigation", "resource"]
  .flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


@pytest.mark.own_phone
def test_the_first_load_is_small_and_nothing_comes_from_elsewhere(
    app: App, cloud: FakeCloud, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    cloud.photos.clear()
    # As on a phone that was never here: nothing is kept, by the browser or by the app's worker.
    page.evaluate(
        """async () => {
          const workers = await navigator.serviceWorker.getRegistrations();
          for (const worker of workers) await worker.unregister();
          for (const name of await caches.keys()) await caches.delete(name);
        }"""
    )
    page.reload()
    expect(app.text("Let in by Eileen")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    # All bodies, as compressed as they came; their heads weigh next to nothing over HTTP/2.
    assert 10_000 < page.evaluate(BODIES) < 100_000
    allowed = (cloud.origin, cloud.bucket, cloud.config["socket"])
    assert [url for url in asked if not url.startswith(allowed)] == []


@pytest.mark.parametrize("place", ["History", "Residents", "Guests", "Settings"])
def test_the_keyboard_alone_reaches_what_a_page_offers(app: App, place: str) -> None:
    app.tabs.get_by_role("link", name=place).focus()
    app.page.keyboard.press("Enter")
    expect(app.heading(place)).to_be_focused()
    expect(app.page.locator(".card").first).to_be_visible()
    offered = app.page.locator("main :is(a, button, input, select):visible").count()
    reached = set()
    for _ in range(offered + 12):
        app.page.keyboard.press("Tab")
        reached.add(app.page.evaluate(_FOCUSED))
    assert len([where for where in reached if where.startswith("main")]) == offered


_FOCUSED = """() => {
  const all = [...document.querySelectorAll('main :is(a, button, input, select)')];
  const place = all.indexOf(document.activeElement);
  return place < 0 ? 'elsewhere' : `main ${place}`;
}"""


def test_a_ring_takes_the_keyboard_and_gives_it_back(app: App, cloud: FakeCloud) -> None:
    app.tabs.get_by_role("link", name="Guests").focus()
    visitor(cloud)
    expect(app.ring.get_by_role("heading")).to_be_focused()
    expect(app.page.get_by_role("alert").filter(has_text="Someone is at Front door")).to_have_count(
        1
    )
    for _ in range(6):
        app.page.keyboard.press("Tab")
        assert app.page.evaluate("!document.querySelector('#app').contains(document.activeElement)")
    cloud.send({"type": "declined", "ring": "r9", "by": "Grace"})
    app.ring_says("Declined by Grace")
    app.button("Close").press("Enter")
    expect(app.tabs.get_by_role("link", name="Guests")).to_be_focused()


def test_text_of_twice_the_size_fits(app: App, cloud: FakeCloud) -> None:
    app.page.evaluate("document.documentElement.style.fontSize = '200%'")
    for place in ("Home", "History", "Residents", "Guests", "Settings"):
        app.go(place)
        expect(app.page.locator("main h1")).to_be_visible()
        app.page.wait_for_timeout(100)
        assert not app.page.evaluate(TOO_WIDE), place
    visitor(cloud)
    app.ring_says(re.compile("Front door"))
    app.button("Hold to let in").scroll_into_view_if_needed()
    expect(app.button("Hold to let in")).to_be_in_viewport()
