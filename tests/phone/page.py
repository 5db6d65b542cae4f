"""The app as a person uses it: what to press and what to read, by its name on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

HOLD: Final = 900
"""Milliseconds; longer than the app wants *Hold to let in* to be held."""
PLACES: Final = ("Home", "History", "Residents", "Guests", "Settings")


class App:
    """One phone's app. `page` is Playwright's, for what is not here."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin

    # --- pairing ---------------------------------------------------------------

    def open_link(self, link: str) -> None:
        """Opens a pairing link."""
        self.page.goto(link)

    def pair(self, link: str, name: str = "") -> None:
        """Pairs this phone, and waits for the first page."""
        self.open_link(link)
        if name:
            self.field("What this phone is called").fill(name)
        self.button("Pair this phone").click()
        expect(self.tabs).to_be_visible()

    def keep(self, token: str, home: str = "home", name: str = "Phone") -> None:
        """Opens the app as a phone that was paired before."""
        self.page.goto(f"{self.origin}/config.json")
        self.page.evaluate(_KEEP, {"token": token, "home": home, "name": name})
        self.page.goto(self.origin)
        expect(self.tabs).to_be_visible()

    # --- finding one's way -------------------------------------------------------

    @property
    def tabs(self) -> Locator:
        """The tab bar."""
        return self.page.get_by_role("navigation", name="Main")

    def go(self, place: str) -> None:
        """Opens one of `PLACES` by its tab."""
        self.tabs.get_by_role("link", name=place).click()

    def heading(self, text: str | re.Pattern[str]) -> Locator:
        """A headline of the page."""
        return self.page.get_by_role("heading", name=text)

    def button(self, name: str) -> Locator:
        """A button, by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """A link whose name holds this."""
        return self.page.get_by_role("link", name=name)

    def field(self, label: str) -> Locator:
        """A field, by the beginning of its label."""
        return self.page.get_by_label(re.compile(f"^{re.escape(label)}"))

    def text(self, words: str) -> Locator:
        """Words that stand somewhere on the page."""
        return self.page.get_by_text(words)

    @property
    def dialog(self) -> Locator:
        """The question that is asked."""
        return self.page.get_by_role("dialog")

    def confirm(self, answer: str) -> None:
        """Answers the question."""
        self.dialog.get_by_role("button", name=answer, exact=True).click()

    # --- a ring ------------------------------------------------------------------

    @property
    def ring(self) -> Locator:
        """The screen that comes up while somebody is at a door."""
        return self.page.get_by_role("region", name="At the door")

    def ring_says(self, words: str | re.Pattern[str], seconds: float = 5) -> None:
        """Waits until the ring's screen says this."""
        expect(self.ring).to_contain_text(words, timeout=seconds * 1000)

    @property
    def code(self) -> Locator:
        """The code; its name is `Code 0 4 2 1 3 7, copy`."""
        return self.ring.get_by_role("button", name=re.compile("^Code "))

    def shown_code(self) -> str:
        """The six digits on the screen."""
        expect(self.code).to_be_visible()
        return re.sub(r"\D", "", self.code.get_attribute("aria-label") or "")

    @property
    def visitor_photo(self) -> Locator:
        """The photo of who rang."""
        return self.ring.get_by_role("img", name="The visitor at the door")

    def let_in(self) -> None:
        """Holds the button until it has let in."""
        self.ring.get_by_role("button", name="Hold to let in").hover()
        self.page.mouse.down()
        self.page.wait_for_timeout(HOLD)
        self.page.mouse.up()

    def touch(self, what: Locator) -> Callable[[], object]:
        """Puts a finger on it; returns what lifts it. Unlike a mouse it focuses nothing."""
        expect(what).to_be_visible()
        box = what.bounding_box()
        assert box is not None
        finger = self.page.context.new_cdp_session(self.page)
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        touch = {"type": "touchStart", "touchPoints": [place]}
        finger.send("Input.dispatchTouchEvent", touch)
        return lambda: finger.send(
            "Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}
        )

    def decline(self) -> None:
        """Declines, and confirms it."""
        self.ring.get_by_role("button", name="Decline", exact=True).click()
        self.ring.get_by_role("button", name="Yes, decline").click()

    @property
    def not_connected(self) -> Locator:
        """What is said while there is no line."""
        return self.page.get_by_text(
            re.compile("^(Not connected. Trying again|This phone is offline)")
        )

    # --- residents and guests -------------------------------------------------------

    def agree(self) -> None:
        """Ticks that the person agrees."""
        self.page.get_by_role("checkbox", name=re.compile("agrees")).check()

    def choose_photos(self, *paths: str) -> None:
        """Adds photos from files."""
        self.page.get_by_label("Choose photos").set_input_files(list(paths))

    def pin(self) -> str:
        """The PIN that is shown, this once."""
        shown = self.page.get_by_label(re.compile("^PIN "))
        expect(shown).to_be_visible()
        return re.sub(r"\D", "", shown.get_attribute("aria-label") or "")


_KEEP = """paired => new Promise((resolve, reject) => {
  sessionStorage.clear();
  const request = indexedDB.open("doorbell", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("kept");
    request.result.createObjectStore("codes", { keyPath: "ring" });
  };
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const transaction = request.result.transaction("kept", "readwrite");
    transaction.objectStore("kept").put(paired, "paired");
    transaction.oncomplete = () => { request.result.close(); resolve(); };
  };
})"""
