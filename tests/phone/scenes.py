"""Every page of the app, and how to get there in a home that is lived in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from tests.phone.demo_home import code, visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App


def _place(name: str, seen: str) -> Callable[[App, FakeCloud], None]:
    def scene(app: App, _cloud: FakeCloud) -> None:
        app.go(name)
        expect(app.text(seen).first).to_be_visible()

    return scene


def _address(path: str, heading: str) -> Callable[[App, FakeCloud], None]:
    def scene(app: App, _cloud: FakeCloud) -> None:
        app.page.evaluate("path => { location.hash = path; }", f"#/{path}")
        expect(app.heading(heading).first).to_be_visible()

    return scene


def pressed(app: App, cloud: FakeCloud) -> None:
    """Somebody pressed; the photo is on its way."""
    cloud.send({"type": "pressed", "ring": "r9", "door": "Front door"})
    app.ring_says("The photo is on its way")


def ring(app: App, cloud: FakeCloud) -> None:
    """A visitor waits."""
    visitor(cloud)
    expect(app.visitor_photo).to_be_visible()
    app.page.wait_for_timeout(400)


def two_rings(app: App, cloud: FakeCloud) -> None:
    """Visitors at two doors; one is about to be declined."""
    visitor(cloud, "r7", "Garden gate")
    ring(app, cloud)
    app.ring.get_by_role("button", name="Decline", exact=True).click()
    expect(app.button("Yes, decline")).to_be_enabled()


def a_code(app: App, cloud: FakeCloud) -> None:
    """A resident's code."""
    code(cloud)
    expect(app.code).to_be_visible()


def opened(app: App, cloud: FakeCloud) -> None:
    """Somebody on another phone let the visitor in."""
    ring(app, cloud)
    cloud.send({"type": "opened", "ring": "r9", "by": "Grace"})
    app.ring_says("Opened by Grace")


def a_pin(app: App, cloud: FakeCloud) -> None:
    """The PIN of a new guest."""
    _address("new-guest", "Invite a guest")(app, cloud)
    app.field("Who comes").fill("Aunt Wilhelmina")
    app.button("Make a PIN").click()
    expect(app.heading("PIN for Aunt Wilhelmina")).to_be_visible()


def a_pairing(app: App, cloud: FakeCloud) -> None:
    """A code to photograph with the other phone."""
    _address("add-phone", "Add a phone")(app, cloud)
    app.field("What the phone is called").fill("Grace's phone")
    app.button("Make a pairing code").click()
    expect(app.page.get_by_role("img", name="Pairing code")).to_be_visible()


def pair(app: App, cloud: FakeCloud) -> None:
    """A link was opened on a new phone."""
    cloud.home.others[2]["manager"] = True
    cloud.home.pairings["home.abc"] = {}
    app.open_link(f"{cloud.home.origin}/#pair=home.abc")
    expect(app.heading("Already paired")).to_be_visible()
    app.button("Pair it anew").click()
    expect(app.heading("Pair this phone")).to_be_visible()


def revoked(app: App, cloud: FakeCloud) -> None:
    """Somebody has removed this phone."""
    cloud.revoke()
    expect(app.heading("This phone was removed")).to_be_visible()


def lower_down(app: App, cloud: FakeCloud) -> None:
    """A camera's films, and when they are made."""
    _address("cameras/garden", "Garden")(app, cloud)
    app.heading("Films by themselves").scroll_into_view_if_needed()
    app.page.evaluate("scrollTo(0, document.body.scrollHeight)")


SCENES: Final[dict[str, Callable[[App, FakeCloud], None]]] = {
    "home": _place("Home", "Let in by Eileen"),
    "pressed": pressed,
    "ring": ring,
    "two-rings": two_rings,
    "code": a_code,
    "opened": opened,
    "history": _place("History", "Missed"),
    "visit": _address("visit/r1", "A visitor"),
    "residents": _place("Residents", "Known by 2 faces"),
    "resident": _address("residents/Eileen", "Known by 2 faces"),
    "new-resident": _address("new-resident", "New resident"),
    "guests": _place("Guests", "4 uses left"),
    "guest-form": _address("new-guest", "Invite a guest"),
    "guest-pin": a_pin,
    "cameras": _address("cameras", "Cameras"),
    "camera": _address("cameras/garden", "Garden"),
    "camera-films": lower_down,
    "camera-pictures": _address("cameras/garden/pictures", "Pictures"),
    "settings": _place("Settings", "Kitchen tablet"),
    "device": _address("device/door2", "Garden gate"),
    "add-phone": a_pairing,
    "pair": pair,
    "revoked": revoked,
}
"""By the name of its picture."""
