"""An app that is left open takes a new release, when that disturbs nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from packing import shell
from tests.phone.demo_home import visitor

if TYPE_CHECKING:
    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

pytestmark = pytest.mark.own_phone

HOUR = 3600
TOLD = """() => {
  window.told = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
  });
}"""
WAKE = "document.dispatchEvent(new Event('visibilitychange'))"
HIDE = "Object.defineProperty(document, 'hidden', { get: () => true })"
SOUND = """let touched = false;
document.addEventListener("pointerdown", () => { touched = true; });
Object.defineProperty(navigator, "userActivation", { get: () => ({ hasBeenActive: touched }) });
window.AudioContext = class extends AudioContext {
  get state() { return %s ? "running" : "suspended"; }
};"""
"""Playwright's own looks into the page count as touches, so they are told apart here."""
ALWAYS = SOUND % "true"
AFTER_A_TOUCH = SOUND % "touched"
"""When a browser lets a page sound; most want to be touched first."""


@pytest.fixture
def open_app(app: App) -> App:
    """An app that is looked at, with a clock of its own."""
    app.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    app.page.clock.install()
    return app


def opened(app: App, sound: str = ALWAYS) -> None:
    """Loads it; the page has been there for a second."""
    app.page.add_init_script(sound)
    app.page.reload()
    expect(app.text("Let in by Eileen")).to_be_visible()
    app.page.evaluate("window.isOld = true")
    pass_by(app, 1)


def pass_by(app: App, seconds: float) -> None:
    app.page.clock.fast_forward(int(seconds * 1000))


def released(cloud: FakeCloud) -> None:
    for path in (shell.SHELL, shell.WORKER):
        text = path.read_text().replace(shell.version(), f"new-{shell.version()}")
        cloud.changed[f"/{path.name}"] = text.encode()


def found(app: App, cloud: FakeCloud) -> None:
    """A new release is there, and has taken over from the one before."""
    released(cloud)
    app.page.evaluate(TOLD)
    app.page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    app.page.evaluate("() => told.then(() => 1)")


def is_old(app: App) -> bool:
    """Whether it still runs what it ran, some seconds later."""
    pass_by(app, 4)
    app.page.wait_for_timeout(200)
    return bool(app.page.evaluate("window.isOld === true"))


def is_loaded_anew(app: App) -> None:
    pass_by(app, 4)
    app.page.wait_for_function("() => window.isOld !== true")
    expect(app.text("Let in by Eileen")).to_be_visible()


@pytest.mark.parametrize(
    ("seconds", "look"), [(24 * HOUR, "0"), (HOUR, WAKE)], ids=["in a day", "looked at again"]
)
def test_a_release_is_looked_for_and_loaded_once(
    open_app: App, cloud: FakeCloud, seconds: float, look: str
) -> None:
    opened(open_app)
    released(cloud)
    open_app.page.evaluate(TOLD)
    pass_by(open_app, seconds)
    open_app.page.evaluate(look)
    open_app.page.evaluate("() => told.then(() => 1)")
    is_loaded_anew(open_app)
    (kept,) = open_app.page.evaluate("caches.keys()")
    assert kept.startswith("shell-new-")
    open_app.page.evaluate("window.isOld = true")
    assert is_old(open_app), "it is loaded once"


def test_a_release_waits_until_nobody_is_at_the_door(open_app: App, cloud: FakeCloud) -> None:
    opened(open_app)
    visitor(cloud)
    open_app.ring_says("Front door")
    found(open_app, cloud)
    assert is_old(open_app)
    cloud.send({"type": "declined", "ring": "r9", "by": "Grace"})
    open_app.button("Close").click()
    is_loaded_anew(open_app)


def test_a_release_waits_for_what_is_entered(open_app: App, cloud: FakeCloud) -> None:
    """So does a PIN that is shown once, which was asked for on the same page."""
    opened(open_app)
    open_app.go("Guests")
    open_app.link("Invite a guest").click()
    open_app.field("Who comes").fill("Aunt")
    found(open_app, cloud)
    assert is_old(open_app)
    open_app.button("Make a PIN").click()
    open_app.pin()
    assert is_old(open_app)
    open_app.go("Home")
    is_loaded_anew(open_app)


def test_a_bell_that_can_be_heard_is_not_silenced_by_a_release(
    open_app: App, cloud: FakeCloud
) -> None:
    """Most browsers let a page sound only after a touch, and a page loaded anew was not touched."""
    opened(open_app, AFTER_A_TOUCH)
    open_app.go("History")
    open_app.go("Home")
    found(open_app, cloud)
    assert is_old(open_app)
    open_app.page.evaluate(HIDE)
    is_loaded_anew(open_app)
