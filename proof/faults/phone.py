"""The phone's own program, the residents' app, in a real browser: what it rings and shows."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from proof.report import Lacking
from tests.debian import NotHere, find_program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Browser, BrowserContext, Page

HOLD: Final = 0.9
"""Seconds; longer than the app wants *Hold to let in* to be held."""
PATIENCE: Final = 30.0
SLOWEST: Final = 150_000
"""Milliseconds that a page may take while its stack is stopped, or its machine busy."""
CLICK: Final = 4_000
"""Milliseconds within which a button is there, or is not."""

WATCH: Final = """(() => {
  const tell = (what, detail) => window.tellFaults?.(what, detail ?? "");
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) {
    tell("rang");
    return start.apply(this, given);
  };
  let code = "", asked = "";
  const look = () => {
    const ring = document.querySelector("#ring");
    const digits = ring?.querySelector('button[aria-label^="Code "]');
    const shown = digits?.getAttribute("aria-label") ?? "";
    const waits = ring && !ring.hidden && ring.querySelector("button.hold") ? "yes" : "";
    if (shown !== code) tell("code", code = shown);
    if (waits !== asked) tell("asked", asked = waits);
  };
  new MutationObserver(look).observe(document,
    { subtree: true, childList: true, attributes: true });
})()"""
"""Tells when a tone begins to sound, and what is on the screen: a code, or whom to let in."""


class Phone:
    """One phone of a home: a profile of its own, with the app open."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.rang: list[float] = []
        """When its bell sounded; `time.monotonic()`."""
        self.code = ""
        """The digits on the screen."""
        self.codes: list[float] = []
        """When a code came onto the screen."""
        self.asked = False
        """Whether somebody can be let in."""
        self.page: Page
        self.origin = origin
        self.on: Callable[[str], None] = lambda _: None
        """Told whatever happens: `rang`, `code`, `asked`."""
        self.busy: set[asyncio.Task[None]] = set()
        """What is being done with the page."""
        self._context = context
        self._changed = asyncio.Condition()

    async def pair(self, link: str) -> None:
        """Become a phone of the home."""
        await self._context.expose_function("tellFaults", self._told)
        await self._context.add_init_script(WATCH)
        self.page = await self._context.new_page()
        await self.page.goto(link)
        await self.page.get_by_role("button", name="Pair this phone", exact=True).click()
        await self._ready()

    async def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(true)

    async def let_in(self) -> bool:
        """Hold the button, as a thumb does; whether it was there."""
        button = self.page.locator("#ring button.hold")
        with contextlib.suppress(BrowserError):
            await button.hover(timeout=CLICK)
            await self.page.mouse.down()
            await asyncio.sleep(HOLD)
            await self.page.mouse.up()
            return True
        return False

    async def decline(self) -> bool:
        """Decline, and confirm it; whether the buttons were there."""
        ring = self.page.locator("#ring")
        with contextlib.suppress(BrowserError):
            await ring.get_by_role("button", name="Decline", exact=True).click(timeout=CLICK)
            await ring.get_by_role("button", name="Yes, decline").click(timeout=CLICK)
            return True
        return False

    async def reload(self) -> None:
        """As after a pull on the page, or when the system had put it away."""
        self.code, self.asked = "", False
        with contextlib.suppress(BrowserError):
            await self.page.reload()

    async def leave(self) -> None:
        """The app is closed."""
        self.code, self.asked = "", False
        with contextlib.suppress(BrowserError):
            await self.page.goto("about:blank")

    async def come_back(self) -> None:
        """And opened again."""
        await self.page.goto(self.origin)
        await self._ready()
        # A browser lets a page sound once it was touched.
        await self.page.locator("body").click(position={"x": 2, "y": 2}, force=True)

    async def at_rest(self) -> None:
        """For the next visitor: the app is open, and nobody waits on its screen."""
        await asyncio.gather(*self.busy, return_exceptions=True)
        if self.is_away:
            await self.come_back()
        elif self.asked or self.code:
            await self.reload()
            await self._ready()

    @property
    def is_away(self) -> bool:
        """Whether the app is closed."""
        return self.page.url == "about:blank"

    async def _ready(self) -> None:
        await self.page.get_by_role("navigation", name="Main").wait_for()

    async def _told(self, what: str, detail: str) -> None:
        now = time.monotonic()
        match what:
            case "rang":
                self.rang.append(now)
            case "code":
                self.code = re.sub(r"\D", "", detail)
                if self.code:
                    self.codes.append(now)
            case "asked":
                self.asked = bool(detail)
        self.on(what)
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's browser; it ends with the block. Raises Lacking."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_chromium(),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        try:
            yield browser
        finally:
            await browser.close()


def _chromium() -> str:
    try:
        return str(find_program("chromium"))
    except NotHere as missing:
        raise Lacking(str(missing)) from None


async def new_phone(browser: Browser, origin: str) -> Phone:
    """A phone that was never here."""
    size: Any = {"width": 390, "height": 844}
    context = await browser.new_context(viewport=size, service_workers="block")
    context.set_default_timeout(SLOWEST)
    return Phone(context, origin)
