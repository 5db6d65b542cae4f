"""The way to a push service: over the network that a phone named, and no other."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from doorbell.errors import BadEndpoint, NotDelivered
from doorbell.push.model import Sending, Taken
from doorbell.web_push.services import WebPushServices
from tests.push_service import Answer, Browser, PushService, push_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOON = 1_700_000_000.0
ELSEWHERE = "https://push.example.org/one"


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def browser(service: PushService) -> Browser:
    return Browser(service, uuid.uuid4().hex)


def services(
    *, loopback: bool = True, resolve: Callable[[str, int], list[str]] | None = None
) -> WebPushServices:
    given = {"resolve": resolve} if resolve else {}
    return WebPushServices(
        lambda: b"s" * 64,
        "https://door.example.org",
        loopback=loopback,
        clock=lambda: NOON,
        **given,
    )


def message(browser: Browser, endpoint: str | None = None) -> Sending:
    return Sending(
        endpoint or browser.endpoint, browser.p256dh, browser.auth, b'{"type":"pressed"}', 60,
        urgent=True, topic=None,
    )  # fmt: skip


def test_a_message_arrives_and_is_read(browser: Browser) -> None:
    assert services().post(message(browser), 5) == Taken(201)
    assert browser.told() == [{"type": "pressed"}]


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("12", 12.0),
        ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_when_to_come_back_is_read_in_both_forms(
    browser: Browser, given: str, seconds: float | None
) -> None:
    """Seconds or a date (RFC 9110, 10.2.3)."""
    browser.service.answers[browser.path] = [Answer(429, {"Retry-After": given})]
    assert services().post(message(browser), 5) == Taken(429, seconds)


def test_a_redirection_is_not_followed(browser: Browser) -> None:
    """It could lead into a private network."""
    elsewhere = Browser(browser.service, "elsewhere")
    browser.service.answers[browser.path] = [Answer(307, {"Location": elsewhere.endpoint})]
    assert services().post(message(browser), 5).status == 307
    assert elsewhere.told() == []


def test_a_service_that_hangs_is_left_in_time(browser: Browser) -> None:
    browser.service.answers[browser.path] = [Answer(hang=5)]
    began = time.monotonic()
    with pytest.raises(NotDelivered):
        services().post(message(browser), 0.3)
    assert time.monotonic() - began < 3


def test_a_service_that_hangs_up_or_listens_nowhere_took_nothing(browser: Browser) -> None:
    with hanging_up() as port, pytest.raises(NotDelivered):
        services().post(message(browser, f"http://127.0.0.1:{port}/"), 2)
    with pytest.raises(NotDelivered):
        services().post(message(browser, "http://127.0.0.1:1/"), 2)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "192.168.1.1", "172.16.0.9", "127.0.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_a_name_that_means_a_private_address_is_not_asked(browser: Browser, address: str) -> None:
    """Whatever it meant when the phone subscribed."""
    with pytest.raises(BadEndpoint):
        services(resolve=lambda *_: [address]).post(message(browser, ELSEWHERE), 2)


def test_a_name_is_asked_for_once_and_the_connection_goes_there(browser: Browser) -> None:
    """So that it cannot mean something else between the look and the connection."""
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["192.0.2.1"] if len(asked) > 1 else []

    with pytest.raises(NotDelivered):
        services(resolve=resolve).post(message(browser, ELSEWHERE), 2)
    assert asked == [("push.example.org", 443)]


def test_on_aws_this_machine_is_no_push_service(browser: Browser) -> None:
    with pytest.raises(BadEndpoint):
        services(loopback=False).post(message(browser), 2)
    assert browser.told() == []


def test_a_name_that_nobody_knows_took_nothing(browser: Browser) -> None:
    with pytest.raises(NotDelivered):
        services().post(message(browser, "https://no-such-host.invalid/"), 2)


@contextmanager
def hanging_up() -> Iterator[int]:
    """A server that closes every connection at once; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def close_all() -> None:
            try:
                while True:
                    listener.accept()[0].close()
            except OSError:
                pass

        threading.Thread(target=close_all, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
