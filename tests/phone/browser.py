"""A real browser for the tests of the app: Debian's Chromium, one for all of them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.debian import program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

SIZE: Any = {"width": 390, "height": 844}
"""CSS pixels of a common phone."""


@contextmanager
def chromium(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[Browser]:
    """The browser; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", *arguments],
            env={**os.environ, **(environment or {})},
        )
        try:
            yield browser
        finally:
            browser.close()
