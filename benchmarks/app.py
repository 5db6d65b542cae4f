"""`python -m benchmarks app`: what a resident sees and when, in a real browser on the whole stack.

Times are taken by the browser when a frame is painted, and by this process when the door presses:
both read the same clock of this machine.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import httpx
from playwright.sync_api import sync_playwright

from benchmarks.report import Figure, figure, show
from benchmarks.rings import cool_down
from demo.device import Device
from demo.people import Person, door_photo
from doorbell.protocol import Answer, Declined, Ring, Ticket, Visitor
from local import stack as local_stack
from operations.devices import add_device
from operations.pairing import pairing_link
from tests.debian import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from local.stack import Stack

WARM: Final = 15
COLD: Final = 4
LOADS: Final = 5
LOAD_GOAL: Final = 100.0
"""Kilobytes of the first load, photos aside."""

WATCH: Final = """() => {
  const painted = (name) => requestAnimationFrame(() => requestAnimationFrame(() => {
    window.seen[name] = (performance.timeOrigin + performance.now()) / 1000;
  }));
  window.seen = {};
  const ring = document.querySelector("#ring");
  window.watch?.disconnect();
  window.watch = new MutationObserver(() => {
    if (!window.seen.pressed && ring.textContent.includes("Someone is at")) {
      window.seen.pressed = 1;
      painted("pressed");
    }
    const photo = ring.querySelector("img");
    if (photo && !window.seen.photo) {
      window.seen.photo = 1;
      photo.decode().then(() => painted("photo"));
    }
  });
  window.watch.observe(ring, { childList: true, subtree: true, attributes: true });
}"""
"""Notes when the words, and then the photo, are on the screen; epoch seconds."""

TRANSFERRED: Final = """() => ["navigation", "resource"]
  .flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
"""Bytes of all bodies, as compressed as they came."""


class Lap(NamedTuple):
    """One ring of a stranger, in seconds."""

    to_words: float
    decision_to_photo: float


class Scene(NamedTuple):
    """Who takes part."""

    stack: Stack
    door: Device
    phone: Device
    page: Page
    photo: bytes


def main() -> None:
    """Measure and show."""
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(local_stack.up(directory=directory))
        playwright = closing.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=program("chromium"), args=["--no-sandbox"]
        )
        closing.callback(browser.close)
        size, ready = _first_load(browser, stack)
        scene = _scene(stack, browser, closing)
        _ring(scene)  # the first ring of all warms everything up
        warm = [_ring(scene) for _ in range(WARM)]
        cold = []
        for turn in range(COLD):
            cool_down(stack, turn)
            cold.append(_ring(scene))
    kilobytes = size / 1000
    show("App: a phone in a browser", [
        *_rows("warm", warm),
        *_rows("cold", cold),
        Figure("first load, photos aside", kilobytes, kilobytes, LOADS, unit="kB",
               goal=f"{LOAD_GOAL:g}"),
        figure("address → first page can be used", ready, "a paired phone, nothing cached"),
    ])  # fmt: skip


def _rows(kind: str, laps: list[Lap]) -> list[Figure]:
    return [
        figure(f"{kind}: press → “Someone is at …” painted", [lap.to_words for lap in laps]),
        figure(f"{kind}: decision → photo painted", [lap.decision_to_photo for lap in laps]),
    ]


def _scene(stack: Stack, browser: Browser, closing: ExitStack) -> Scene:
    door = closing.enter_context(Device("door", stack.websocket, stack.tokens["door"]))
    phone = closing.enter_context(Device("phone", stack.websocket, stack.tokens["phone"]))
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    _pair(stack, page, "Anna's phone")
    return Scene(stack, door, phone, page, door_photo(Person.GRACE))


def _pair(stack: Stack, page: Page, name: str) -> None:
    token = add_device(stack.deployed, "phone", name, stack.home, None)
    page.goto(pairing_link(stack.deployed, token, name, None))
    page.get_by_role("button", name="Pair this phone").click()
    page.get_by_role("navigation", name="Main").wait_for()


def _ring(scene: Scene) -> Lap:
    """A stranger rings, is seen and is declined."""
    scene.page.evaluate(WATCH)
    pressed = time.time()
    scene.door.send(Ring())
    upload = scene.door.hear(Ticket).upload
    httpx.put(upload.url, content=scene.photo, headers=dict(upload.headers), trust_env=False)
    visitor = scene.phone.hear(Visitor)
    decided = time.time()
    scene.page.wait_for_function("() => window.seen.photo > 1 && window.seen.pressed > 1")
    seen: dict[str, Any] = scene.page.evaluate("() => window.seen")
    scene.phone.send(Answer(visitor.ring, "decline"))
    scene.phone.hear(Declined)
    scene.page.get_by_role("button", name="Close", exact=True).click()
    return Lap(seen["pressed"] - pressed, max(0.0, seen["photo"] - decided))


def _first_load(browser: Browser, stack: Stack) -> tuple[int, list[float]]:
    """Bytes of all that the first page asks for, and seconds until it is there."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    _pair(stack, page, "Visitor")
    kept = context.storage_state(indexed_db=True)
    context.close()
    sizes: list[int] = []
    times: list[float] = []
    for _ in range(LOADS):
        fresh = browser.new_context(storage_state=kept, service_workers="block")
        page = fresh.new_page()
        began = time.perf_counter()
        page.goto(stack.phone or "")
        page.get_by_role("navigation", name="Main").wait_for()
        times.append(time.perf_counter() - began)
        page.wait_for_load_state("networkidle")
        sizes.append(page.evaluate(TRANSFERRED))
        fresh.close()
    return max(sizes), times


if __name__ == "__main__":
    main()
