"""The app is closed, which it nearly always is: what browsers are pushed, and a code among it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from py_vapid import Vapid02

from demo.people import Person
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.household.model import Quiet
from doorbell.protocol import (
    Answer,
    Code,
    Declined,
    EnterCode,
    Open,
    Opened,
    Refused,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
    Welcome,
)
from operations.app import push_key
from tests.push_service import Answer as Answered
from tests.push_service import Browser, PushService, push_service
from tests.stories.doorstep import Home, PhotoOf, ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.device import Device


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    """One push service for all stories."""
    with push_service() as running:
        yield running


@pytest.fixture
def subscribed(home: Home, service: PushService) -> Callable[..., Browser]:
    """Adds a phone whose app is closed: only its browser is subscribed."""

    def subscribe(name: str, resident: str = "", **changes: Any) -> Browser:
        browser = Browser(service, f"{home.id}-{name.lower()}")
        token = home.add("phone", name, resident)
        assert put_push(home, token, browser.subscription() | changes) == 204
        return browser

    return subscribe


def table_of(home: Home) -> Table:
    """The stack's table."""
    return Table(home.stack.deployed.client, home.stack.table)


def put_push(home: Home, token: str, subscription: dict[str, Any]) -> int:
    """What the app does when notices are turned on; the status."""
    return httpx.put(
        f"{home.stack.phone}/api/me/push",
        json=subscription,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=20,
    ).status_code


def test_a_residents_code_reaches_a_pocket_and_no_bell_rings(
    resident: Person, door: Device, subscribed: Callable[..., Browser], photo_of: PhotoOf
) -> None:
    """No app is open. The code is pushed, hidden on the lock screen, and opens the door once."""
    browser = subscribed("Eileen's", "Eileen")
    ticket = ring(door, photo_of(resident))
    pushed = browser.hear("code", ring=ticket.ring)
    assert door.hear(Welcome) == Welcome(ticket.ring)
    assert (pushed["door"], pushed["resident"]) == ("Front door", "Eileen")
    assert pushed["on_lock_screen"] is False
    assert pushed["silent"] is False
    door.send(EnterCode(pushed["code"]))
    order = door.hear(Open)
    assert order.ring == ticket.ring
    door.send(Opened(order.open))
    browser.hear("opened", ring=ticket.ring, by="code")
    assert "RingThrough" not in door.all_about(ticket.ring)


def test_a_code_goes_to_its_resident_and_to_nobody_else(
    resident: Person, door: Device, subscribed: Callable[..., Browser], photo_of: PhotoOf
) -> None:
    """Others hear who is at the door. Whose owner chose it may see the code on the lock screen."""
    mine = subscribed("Eileen's", "Eileen", code_on_lock_screen=True)
    other = subscribed("Bob's", "Bob")
    ticket = ring(door, photo_of(resident))
    assert mine.hear("code", ring=ticket.ring)["on_lock_screen"] is True
    assert other.hear("resident", ring=ticket.ring)["resident"] == "Eileen"
    assert not [each for each in other.told() if "code" in each]


def test_where_no_push_service_takes_the_code_the_bell_rings(
    resident: Person,
    door: Device,
    subscribed: Callable[..., Browser],
    photo_of: PhotoOf,
    service: PushService,
) -> None:
    """The code that nobody has opens nothing."""
    browser = subscribed("Eileen's", "Eileen")
    service.answers[browser.path] = [Answered(500)]
    ticket = ring(door, photo_of(resident))
    assert door.hear(RingThrough, ring=ticket.ring).reason == "no_phone"
    drawn = browser.hear("code", ring=ticket.ring)["code"]
    door.send(EnterCode(drawn))
    assert door.hear(Refused)


def test_a_push_service_that_hangs_delays_no_other(
    resident: Person,
    door: Device,
    subscribed: Callable[..., Browser],
    photo_of: PhotoOf,
    service: PushService,
) -> None:
    """One of the resident's two browsers never answers: the other's code welcomes at once."""
    stuck, mine = subscribed("Tablet", "Eileen"), subscribed("Eileen's", "Eileen")
    service.answers[stuck.path] = [Answered(hang=60)]
    ticket = ring(door, photo_of(resident))
    mine.hear("code", ring=ticket.ring)
    door.hear(Welcome, ring=ticket.ring)
    assert "RingThrough" not in door.all_about(ticket.ring)


def test_a_stranger_is_shown_with_photo_and_reason_and_every_end_is_told(
    door: Device, phone: Device, subscribed: Callable[..., Browser], photo_of: PhotoOf
) -> None:
    """At once that somebody is there, then who; then what became of it."""
    browser = subscribed("Bob's")
    ticket = ring(door, photo_of(Person.STRANGER))
    browser.hear("pressed", ring=ticket.ring, door="Front door", silent=False)
    told = browser.hear("visitor", ring=ticket.ring)
    assert told["reason"] == "stranger"
    assert httpx.get(told["photo"], trust_env=False).content[:2] == b"\xff\xd8"
    assert told["answer_until"] > told["at"]
    phone.hear(Visitor, ring=ticket.ring)
    phone.send(Answer(ticket.ring, "decline"))
    door.hear(Declined)
    assert browser.hear("declined", ring=ticket.ring)["by"] == "Phone"
    sent = browser.service.at(browser.path)
    assert ["Topic" in each.headers for each in sent] == [False, False, True]
    assert len(sent[2].headers["Topic"]) == 32


def test_a_push_service_can_tell_who_sends_and_for_how_long(
    home: Home, door: Device, subscribed: Callable[..., Browser], photo_of: PhotoOf
) -> None:
    """Signed by the key that the app subscribed with (RFC 8292), urgent, and short-lived."""
    browser = subscribed("Bob's")
    ticket = ring(door, photo_of(Person.STRANGER))
    browser.hear("visitor", ring=ticket.ring)
    sent = browser.service.at(browser.path)[0]
    assert Vapid02.verify(sent.headers["Authorization"])
    key = sent.headers["Authorization"].rpartition("k=")[2]
    assert key.rstrip("=") == push_key(home.stack.deployed, home.stack.outputs["PushKey"])
    assert (sent.headers["Urgency"], sent.headers["Content-Encoding"]) == ("high", "aes128gcm")
    assert 0 < int(sent.headers["TTL"]) <= 60


def test_a_subscription_that_is_gone_is_forgotten_and_one_that_is_busy_is_asked_again(
    home: Home,
    door: Device,
    subscribed: Callable[..., Browser],
    service: PushService,
    photo_of: PhotoOf,
) -> None:
    """404 and 410 for good; 429 and 503 within the ring's time."""
    gone, lost = subscribed("Gone"), subscribed("Lost")
    busy, broken = subscribed("Busy"), subscribed("Broken")
    service.answers[gone.path] = [Answered(410)]
    service.answers[lost.path] = [Answered(404)]
    service.answers[busy.path] = [Answered(429, {"Retry-After": "1"}), Answered(201)]
    service.answers[broken.path] = [Answered(503), Answered(500), Answered(201)]
    ticket = ring(door, photo_of(Person.STRANGER))
    for browser in (busy, broken):
        browser.hear("visitor", ring=ticket.ring)
    left = {each.endpoint for each in SubscriptionTable(table_of(home)).of_home(home.id)}
    assert left == {busy.endpoint, broken.endpoint}
    first, second = busy.wait_for(2, "pressed")
    assert second.at - first.at >= 1


def test_a_press_that_comes_late_is_only_missed(
    door: Device, subscribed: Callable[..., Browser]
) -> None:
    """The door was offline: nobody stands there any more."""
    browser = subscribed("Bob's")
    door.send(Ring(press="7d444840-9dc0-11d1-b245-5ffdce74fad2", age=600))
    door.hear(Ticket)
    assert browser.hear("missed")["reason"] == "late"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://10.0.0.1/push",
        "https://169.254.169.254/latest",
        "http://push.example.org/",
        "file:///etc/passwd",
    ],
)
def test_an_address_in_a_private_network_is_refused(home: Home, endpoint: str) -> None:
    """Nobody has the cloud ask its own network (this machine is one of AWS here, and may be)."""
    token = home.add("phone", "Bob's")
    browser = {"endpoint": endpoint, "keys": {"p256dh": "B" + 86 * "A", "auth": 22 * "A"}}
    assert put_push(home, token, browser) == 400


def test_in_quiet_hours_notices_are_silent_and_codes_are_not(
    resident: Person,
    home: Home,
    door: Device,
    subscribed: Callable[..., Browser],
    photo_of: PhotoOf,
) -> None:
    """The bell rings at the door all the same."""
    browser = subscribed("Eileen's", "Eileen")
    SettingsTable(table_of(home)).set_home_quiet(home.id, Quiet(until=time.time() + 600), 0)
    stranger = ring(door, photo_of(Person.STRANGER)).ring
    assert browser.hear("visitor", ring=stranger)["silent"] is True
    door.hear(RingThrough, ring=stranger)
    ticket = ring(door, photo_of(resident))
    assert browser.hear("code", ring=ticket.ring)["silent"] is False


def test_a_phone_that_froze_with_its_socket_open_is_pushed_a_code_when_the_bell_rings(
    resident: Person,
    door: Device,
    phone: Device,
    subscribed: Callable[..., Browser],
    photo_of: PhotoOf,
) -> None:
    """The socket took the code and nobody says to have seen it: the bell rings, and a fresh code
    lies on the lock screen.
    """
    browser = subscribed("Eileen's", "Eileen")
    ticket = ring(door, photo_of(resident))
    shown = phone.hear(Code, ring=ticket.ring).code
    assert door.hear(RingThrough, ring=ticket.ring).reason == "no_phone"
    fresh = browser.hear("code", ring=ticket.ring)["code"]
    assert fresh != shown
    door.send(EnterCode(fresh))
    assert door.hear(Open).ring == ticket.ring
