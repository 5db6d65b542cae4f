"""The app in a real browser, on the one-machine stack: a home of its own for each story."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
from playwright.sync_api import expect

from operations.pairing import pairing_link
from tests.phone.browser import SIZE, chromium
from tests.phone.page import App
from tests.stories.conftest import door as door
from tests.stories.conftest import home as home
from tests.stories.conftest import photo_of as photo_of
from tests.stories.conftest import resident as resident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.stories.doorstep import Home

Paired: TypeAlias = Callable[..., App]
"""Pairs one more phone with the home, by name and resident."""

PATIENCE = 15_000
"""Milliseconds; a story ends long before, unless something is wrong."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for the stories of a file; its event loop ends with them."""
    expect.set_options(timeout=PATIENCE)
    with chromium() as running:
        yield running


@pytest.fixture
def paired(browser: Browser, home: Home) -> Iterator[Paired]:
    """Phones of this home, each with a browser profile of its own."""
    opened = []

    def pair(name: str = "Anna's phone", resident: str | None = None, manager: bool = True) -> App:
        app = unpaired(browser, home.stack.phone or "")
        opened.append(app)
        token = home.add("phone", name, resident or "")
        app.pair(pairing_link(home.stack.deployed, token, name, resident, manager=manager))
        return app

    yield pair
    for app in opened:
        app.page.context.close()


def unpaired(browser: Browser, origin: str) -> App:
    """A phone that was never here, which notices what the page should not do."""
    context = browser.new_context(viewport=SIZE, service_workers="block")
    context.set_default_timeout(PATIENCE)
    return App(context.new_page(), origin)


@pytest.fixture
def anna(paired: Paired) -> App:
    """Anna's phone, which manages the home."""
    return paired("Anna's phone")
