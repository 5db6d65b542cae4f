"""The way to a push service: over the network that a phone named, and no other."""

from __future__ import annotations

import socket
import ssl
import threading
import time
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from doorbell.errors import BadEndpoint, NotDelivered
from doorbell.push.model import Sending, Taken
from doorbell.web_push.services import WebPushServices
from tests.push_service import Answer, Browser, PushService, claims_of, push_service

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
    with hanging_up() as (port, callers):
        with pytest.raises(NotDelivered):
            services().post(message(browser, f"http://127.0.0.1:{port}/"), 2)
        assert len(callers) == 1, "whoever sends decides when it is tried again"
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


def test_a_message_goes_out_in_the_form_that_every_push_service_takes(browser: Browser) -> None:
    """RFC 8030, sections 5.2 to 5.4; RFC 8291, section 4; RFC 8292, sections 2 and 3."""
    with listening() as (port, requests):
        for urgent, topic in ((True, None), (False, "a-topic")):
            said = message(browser, f"http://127.0.0.1:{port}/send/one?token=x")
            assert services().post(said._replace(urgent=urgent, topic=topic), 5) == Taken(201)
    (line, high), (_, normal) = requests
    assert line == "POST /send/one?token=x HTTP/1.1"
    assert high["host"] == f"127.0.0.1:{port}"
    assert high["content-encoding"] == "aes128gcm"
    assert high["content-type"] == "application/octet-stream"
    assert (high["ttl"], high["urgency"], high.get("topic")) == ("60", "high", None)
    assert (normal["urgency"], normal["topic"]) == ("normal", "a-topic")
    claims = claims_of(high["authorization"])
    assert claims["aud"] == f"http://127.0.0.1:{port}"
    assert claims["sub"] == "https://door.example.org"
    assert NOON < claims["exp"] <= NOON + 24 * 3600


def test_a_push_service_is_called_by_the_name_that_the_phone_gave(browser: Browser) -> None:
    """One address may serve many names (RFC 9110, 7.2)."""
    with listening() as (port, requests):
        services().post(message(browser, f"http://localhost:{port}/one"), 5)
    assert requests[0][1]["host"] == f"localhost:{port}"


def test_an_address_without_a_path_has_the_shortest_one(browser: Browser) -> None:
    with listening() as (port, requests):
        services().post(message(browser, f"http://127.0.0.1:{port}"), 5)
    assert requests[0][0] == "POST / HTTP/1.1"


def test_an_address_on_the_internet_is_spoken_to_under_its_own_name() -> None:
    """The connection goes to the address that was looked at; the certificate must be the name's."""
    made = services(resolve=lambda *_: ["1.1.1.1"])
    pool = made._pool(urlsplit(ELSEWHERE))
    assert (pool.scheme, pool.host, pool.port) == ("https", "1.1.1.1", 443)
    assert vars(pool)["assert_hostname"] == "push.example.org"
    assert pool.conn_kw["server_hostname"] == "push.example.org"
    assert pool.conn_kw["ssl_context"].verify_mode is ssl.CERT_REQUIRED


@contextmanager
def listening() -> Iterator[tuple[int, list[tuple[str, dict[str, str]]]]]:
    """A server that takes everything; its port, and the line and headers of each request."""
    requests: list[tuple[str, dict[str, str]]] = []

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            named = {name.lower(): value for name, value in self.headers.items()}
            requests.append((self.requestline, named))
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port, requests
        server.shutdown()


@contextmanager
def hanging_up() -> Iterator[tuple[int, list[object]]]:
    """A server that closes every connection at once; its port, and who came."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def close_all() -> None:
            try:
                while True:
                    caller, address = listener.accept()
                    callers.append(address)
                    caller.close()
            except OSError:
                pass

        threading.Thread(target=close_all, daemon=True).start()
        yield int(listener.getsockname()[1]), callers
        listener.shutdown(socket.SHUT_RDWR)
