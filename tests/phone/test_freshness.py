"""An app that is left open knows what has become of the home meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

FOUR_HOURS = 4 * 3600.0

WAKE = "document.dispatchEvent(new Event('visibilitychange'))"
PUSHED = "navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: 'pushed' }))"


def the_door_goes(cloud: FakeCloud) -> None:
    since = time.time() - FOUR_HOURS
    cloud.home.others[0] |= {"online": False, "offline_since": since}


def some_minutes_pass(page: Page) -> None:
    page.clock.fast_forward(5 * 60 * 1000 + 100)


@pytest.mark.parametrize(
    "happens",
    [lambda page: page.evaluate(WAKE), lambda page: page.evaluate(PUSHED), some_minutes_pass],
    ids=["it is looked at again", "something was pushed", "some minutes pass"],
)
@pytest.mark.own_phone
def test_a_door_that_has_gone_is_no_longer_said_to_be_ready(
    app: App, cloud: FakeCloud, happens: Callable[[Page], None]
) -> None:
    app.page.clock.install()
    app.page.reload()
    expect(app.text("Front door · ready")).to_be_visible()
    the_door_goes(cloud)
    happens(app.page)
    expect(app.text("Front door · offline for 4 hours")).to_be_visible()


def test_each_new_line_brings_the_home_anew(app: App, cloud: FakeCloud) -> None:
    expect(app.text("Front door · ready")).to_be_visible()
    the_door_goes(cloud)
    cloud.hang_up()
    expect(app.text("Front door · offline for 4 hours")).to_be_visible()


def test_quiet_hours_that_another_phone_ended_mute_this_one_no_longer(
    app: App, cloud: FakeCloud
) -> None:
    cloud.home.quiet = {"hours": None, "until": time.time() + 3600}
    app.page.evaluate(WAKE)
    expect(app.text("Silent until")).to_be_visible()
    cloud.home.quiet = {"hours": None, "until": None}
    app.page.evaluate(WAKE)
    expect(app.text("Silent until")).to_have_count(0)


def test_the_settings_are_drawn_anew_but_not_under_a_hand(app: App, cloud: FakeCloud) -> None:
    """What somebody is entering stays."""
    cloud.home.mine["quiet"] = {
        "hours": {"start": "22:00", "end": "07:00", "zone": "UTC"}, "until": None,
    }  # fmt: skip
    app.go("Settings")
    expect(app.link("Front door")).to_contain_text("online")
    the_door_goes(cloud)
    app.page.evaluate(WAKE)
    expect(app.link("Front door")).to_contain_text("offline for 4 hours")
    app.field("From").fill("21:15")
    cloud.home.others[0]["online"] = True
    with app.page.expect_response("**/api/home"):
        app.page.evaluate(WAKE)
    app.page.wait_for_timeout(100)
    expect(app.field("From")).to_have_value("21:15")
    expect(app.link("Front door")).to_contain_text("offline for 4 hours")


def test_the_page_of_a_device_is_drawn_anew(app: App, cloud: FakeCloud) -> None:
    app.page.evaluate("location.hash = '#/device/door1'")
    expect(app.page.locator("dl")).to_contain_text("online")
    the_door_goes(cloud)
    app.page.evaluate(WAKE)
    expect(app.page.locator("dl")).to_contain_text("offline for 4 hours")
    cloud.home.others = []
    app.page.evaluate(WAKE)
    expect(app.text("This is not there any more.")).to_be_visible()


@pytest.fixture
def kept_app(app: App) -> App:
    """The app with its worker in front, which keeps the last `config.json`."""
    app.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    app.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return app


@pytest.mark.own_phone
def test_a_config_that_does_not_come_keeps_the_app_for_two_seconds_at_most(
    kept_app: App, cloud: FakeCloud
) -> None:
    cloud.config_is_sent.clear()
    try:
        kept_app.page.reload()
        expect(kept_app.text("Let in by Eileen")).to_be_visible(timeout=4000)
    finally:
        cloud.config_is_sent.set()


@pytest.mark.own_phone
def test_a_config_that_fails_is_the_one_that_was_last_known(
    kept_app: App, cloud: FakeCloud
) -> None:
    cloud.config_status = 503
    kept_app.page.reload()
    expect(kept_app.text("Let in by Eileen")).to_be_visible()
