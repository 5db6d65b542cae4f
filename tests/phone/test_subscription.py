"""Where notices go: what the browser or the home has lost is made anew, or told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.phone.fake_home import problem
from tests.phone.fake_push import FakePush, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

pytestmark = pytest.mark.own_phone

HINT = "Turn on notices"


def wait_until(came: Callable[[], bool]) -> None:
    """Fails after five seconds."""
    end = time.monotonic() + 5
    while not came():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_a_home_that_has_forgotten_where_notices_go_is_told_at_the_next_start(
    app: App, cloud: FakeCloud
) -> None:
    """The cloud forgets an address that a push service has refused."""
    push = FakePush(app.page)
    push.give()
    app.page.reload()
    expect(app.text("Let in by Eileen")).to_be_visible()
    wait_until(lambda: told("1") in cloud.home.asked)
    expect(app.text(HINT)).to_have_count(0)


def test_a_browser_that_has_lost_its_address_gets_another_one_at_the_next_start(
    app: App, cloud: FakeCloud
) -> None:
    push = FakePush(app.page)
    push.give()
    push.lose()
    cloud.home.mine |= {"push": True, "code_on_lock_screen": True}
    app.page.reload()
    wait_until(lambda: told("2", on_lock_screen=True) in cloud.home.asked)
    expect(app.text(HINT)).to_have_count(0)


def test_notices_that_cannot_be_made_anew_are_said_to_be_off(app: App, cloud: FakeCloud) -> None:
    """What the browser has and the home does not know is no notice."""
    FakePush(app.page).give()
    cloud.home.problems["PUT /me/push"] = problem(400, "bad_endpoint")
    app.page.reload()
    expect(app.text(HINT)).to_be_visible()


def test_notices_that_were_turned_off_stay_off(app: App, cloud: FakeCloud) -> None:
    push = FakePush(app.page)
    app.page.reload()
    expect(app.text(HINT)).to_be_visible()
    assert push.address is None
    assert not cloud.home.asked


ANOTHER_ADDRESS = """() => new Promise((resolve, reject) => {
  const made = { toJSON: () => ({ endpoint: "https://push.example/9",
    keys: { p256dh: "p", auth: "a" } }) };
  PushManager.prototype.subscribe = async () => made;
  const event = new ExtendableEvent("pushsubscriptionchange");
  event.waitUntil = (work) => work.then(resolve, reject);
  self.dispatchEvent(event);
})"""


def test_an_address_that_the_browser_changes_is_told_while_the_app_is_closed(
    app: App, cloud: FakeCloud
) -> None:
    cloud.home.mine |= {"push": True, "code_on_lock_screen": True}
    app.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    (worker,) = app.page.context.service_workers
    worker.evaluate(ANOTHER_ADDRESS)
    assert told("9", on_lock_screen=True) in cloud.home.asked
