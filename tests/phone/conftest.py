"""One browser for each file; for each test a home, and a phone that is paired with it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.phone.browser import SIZE, chromium
from tests.phone.demo_home import live_in
from tests.phone.fake_server import FakeCloud, fake_cloud
from tests.phone.page import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def servers() -> Iterator[FakeCloud]:
    """The cloud's servers, on ports that stay."""
    with fake_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(servers: FakeCloud) -> FakeCloud:
    """A home that is lived in, new for each test."""
    servers.reset()
    live_in(servers)
    return servers


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab that most tests share: the app's files are loaded once."""
    with browser.new_context(viewport=SIZE, locale="en-GB", service_workers="block") as context:
        yield context.new_page()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest, cloud: FakeCloud) -> Iterator[Page]:
    """A tab; what the app complains about on its console fails the test."""
    with ExitStack() as end:
        if request.node.get_closest_marker("own_phone"):
            context = browser.new_context(viewport=SIZE, locale="en-GB")
            page = end.enter_context(context).new_page()
        else:
            page = request.getfixturevalue("tab")
            end.callback(page.goto, "about:blank")
        page.set_default_timeout(5000)
        complaints: list[str] = []

        def listen(told: ConsoleMessage) -> None:
            if told.type == "error":
                complaints.append(told.text)

        page.on("console", listen)
        end.callback(page.remove_listener, "console", listen)
        yield page
    # That a request was refused is written there by the browser itself; no script can hide it.
    own = [text for text in complaints if not text.startswith(("Failed to load", "WebSocket conn"))]
    assert not own, own


@pytest.fixture
def new_phone(page: Page, cloud: FakeCloud) -> App:
    """A phone that is not paired yet."""
    return App(page, cloud.home.origin)


@pytest.fixture
def app(new_phone: App, cloud: FakeCloud) -> App:
    """A paired phone with an open line."""
    new_phone.keep(cloud.home.token)
    cloud.wait_for(action="hello")
    return new_phone
