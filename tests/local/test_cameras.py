"""The cameras' recipient on this machine bears whatever comes over plain HTTP."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import pytest

from doorbell.cameras.problems import PROBLEMS
from doorbell.cameras.receiving import LARGEST
from local import cameras
from local.cameras import MOST_BYTES, Recipient
from local.errors import PortInUse
from tests.wire import Reply, post, talk

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = bytes(range(256)) * 500


class Api(BaseHTTPRequestHandler):
    """What stands behind: it remembers what came, and says it was kept."""

    got: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        Api.got.append((self.command, self.path, headers, body))
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.send_header("Set-Cookie", "no=thing")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"{}")


@pytest.fixture
def url() -> Iterator[str]:
    """A recipient, with that behind it."""
    Api.got.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Recipient(0).serving() as recipient:
        recipient.behind = f"http://127.0.0.1:{server.server_port}/_aws/execute-api/1/$default/"
        yield recipient.url
    server.shutdown()
    server.server_close()


def status(reply: Reply | None) -> int:
    """Of a reply that must have come."""
    assert reply is not None
    return reply.status


def problem(reply: Reply | None) -> str:
    """The name of a problem."""
    assert reply is not None
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["status"] == reply.status
    assert reply.json["name"] in PROBLEMS
    return str(reply.json["name"])


def test_a_body_is_handed_on_byte_for_byte_with_path_query_and_what_says_who_and_what(
    url: str,
) -> None:
    request = post(
        BODY,
        'Content-Disposition: attachment; filename="a b.jpg"',
        "Authorization: Basic Y2FtZXJhOnRva2Vu",
        "CloudFront-Forwarded-Proto: http",
        "Cookie: mine",
        "X-Amz-Target: DynamoDB_20120810.Scan",
        target="/camera?accessToken=%20home.camera.secret",
    )
    reply = talk(url, request)
    assert reply
    assert (reply.status, reply.body) == (201, b"{}")
    assert "set-cookie" not in reply.headers
    ((method, path, headers, body),) = Api.got
    assert (method, body) == ("POST", BODY)
    assert path == "/_aws/execute-api/1/%24default/camera?accessToken=%20home.camera.secret"
    assert headers["content-disposition"] == 'attachment; filename="a b.jpg"'
    assert headers["authorization"] == "Basic Y2FtZXJhOnRva2Vu"
    assert headers["cloudfront-forwarded-proto"] == "http"
    assert not {"cookie", "x-amz-target"} & set(headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_any_method_is_handed_on(url: str, method: str) -> None:
    reply = talk(url, f"{method} / HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert status(reply) == 201
    assert Api.got[0][0] == method


def test_a_body_in_chunks_is_one_body(url: str) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (512, BODY[at : at + 512]) for at in range(0, 5120, 512))
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert status(talk(url, head, chunks, b"0\r\n\r\n")) == 201
    assert Api.got[0][3] == BODY[:5120]
    assert Api.got[0][2]["content-length"] == "5120"


def test_a_client_that_waits_to_be_told_to_go_on_is_told(url: str) -> None:
    request = post(b"", "Expect: 100-continue", length=4)
    assert status(talk(url, request)) == 100


def test_several_requests_go_over_one_connection(url: str) -> None:
    at = urlsplit(url)
    with contextlib.closing(HTTPConnection(at.netloc)) as line:
        for body in (b"one", b"two"):
            line.request("POST", "/", body)
            assert line.getresponse().read() == b"{}"
    assert [body for *_, body in Api.got] == [b"one", b"two"]


# --- what is wrong with it ---------------------------------------------------------------


def test_no_length_is_no_body_and_what_follows_is_no_request(url: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n\r\n"
    assert status(talk(url, head + b"\xff\xd8\xff\xe0" + BODY, hang_up=True)) == 201
    assert [body for *_, body in Api.got] == [b""]


def test_a_length_that_is_too_small_cuts_the_body(url: str) -> None:
    assert status(talk(url, post(BODY, length=100))) == 201
    assert [body for *_, body in Api.got] == [BODY[:100]]


def test_half_a_body_is_handed_to_nobody(url: str) -> None:
    reply = talk(url, post(BODY, length=len(BODY) + 1), hang_up=True)
    assert reply is None or reply.status == 400
    assert Api.got == []


def test_a_body_that_never_ends_is_not_waited_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "BODY_SECONDS", 0.5)
    assert problem(talk(url, post(BODY, length=len(BODY) + 1))) == "too_slow"
    assert Api.got == []


def test_a_body_that_drips_is_not_waited_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow loris: a byte now and then keeps nothing open."""
    monkeypatch.setattr(cameras, "BODY_SECONDS", 0.5)
    began = time.monotonic()
    reply = talk(url, post(b"", length=99), *([b"x"] * 20), pause=0.1)
    assert problem(reply) == "too_slow"
    assert time.monotonic() - began < 5


def test_a_head_that_drips_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "HEAD_SECONDS", 0.5)
    with Recipient(0).serving() as recipient:
        began = time.monotonic()
        dripping = [b"POST / HTTP/1.1\r\n", *[b"X: y\r\n"] * 40]
        assert talk(recipient.url, *dripping, pause=0.1) is None
        assert time.monotonic() - began < 10


def test_a_body_that_is_too_large_is_refused_with_the_limit_and_read_to_no_end(url: str) -> None:
    reply = talk(url, post(b"x" * (MOST_BYTES + 1)))
    assert problem(reply) == "too_large"
    assert reply
    assert str(LARGEST) in reply.json["title"]
    endless = talk(url, post(b"x" * (5 * MOST_BYTES), length=10**12))
    assert endless is None or problem(endless) == "too_large"
    assert Api.got == []


def test_a_body_of_exactly_the_limit_is_handed_on(url: str) -> None:
    assert status(talk(url, post(b"x" * MOST_BYTES))) == 201


@pytest.mark.parametrize(
    "request_line",
    [
        b"",
        b"\r\n\r\n",
        b"GET",
        b"\xff\xd8\xff\xe0 not HTTP at all",
        b"POST / HTTP/1.1\r\nContent-Length: -1",
        b"POST / HTTP/1.1\r\nContent-Length: many",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000,
    ],
)
def test_what_is_no_request_is_refused_or_hung_up_on(url: str, request_line: bytes) -> None:
    reply = talk(url, request_line + b"\r\n\r\n", hang_up=True)
    assert reply is None or reply.status >= 400
    assert Api.got == []


@pytest.mark.parametrize(
    "target",
    [
        "/../../../bucket/key",
        "/camera/../../x",
        "/..",
        "http://elsewhere/",
        "*",
    ],
)
def test_no_path_leads_elsewhere_on_the_machine(url: str, target: str) -> None:
    reply = talk(url, post(b"x", target=target))
    assert reply is None or reply.status in (400, 404)
    assert Api.got == []


def test_before_the_stack_stands_and_when_it_is_gone_the_answer_says_so() -> None:
    with Recipient(0).serving() as recipient:
        assert problem(talk(recipient.url, post(b"x"))) == "not_found"
        recipient.behind = "http://127.0.0.1:9/"
        assert problem(talk(recipient.url, post(b"x"))) == "try_again"


# --- how much of it -------------------------------------------------------------------------


def test_fifty_at_once_are_all_served(url: str) -> None:
    with ThreadPoolExecutor(50) as threads:
        sent = [threads.submit(talk, url, post(BODY + bytes([n]))) for n in range(50)]
        assert {status(each.result()) for each in sent} == {201}
    assert len({body for *_, body in Api.got}) == 50


def test_memory_stays_flat_while_large_bodies_wait(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty that say 9 MB and send all but the last byte: they lie on disk."""
    monkeypatch.setattr(cameras, "BODY_SECONDS", 3.0)
    body = os.urandom(9_000_000)
    before = _resident()
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(talk, url, post(body, length=len(body) + 1)) for _ in range(20)]
        time.sleep(2)
        grown = _resident() - before
        assert {problem(each.result()) for each in waiting} == {"too_slow"}
    # Each client here holds its request, too: 9 MB.
    assert grown < 20 * 9_000_000 + 40_000_000


def test_more_than_it_can_bear_are_told_to_come_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(cameras, "BODY_SECONDS", 2.0)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(talk, url, post(b"", length=9)) for _ in range(3)]
        time.sleep(0.5)
        assert problem(talk(url, post(b"x"))) == "try_again"
        assert {problem(each.result()) for each in waiting} == {"too_slow"}
    assert status(talk(url, post(b"x"))) == 201


def test_a_port_in_use_is_said_so() -> None:
    with (
        Recipient(0).serving() as first,
        pytest.raises(PortInUse, match=f"Port {first.port} cannot be used for cameras"),
    ):
        Recipient(first.port)


def test_it_is_gone_when_it_ends_even_while_somebody_sends() -> None:
    with contextlib.ExitStack() as running:
        recipient = running.enter_context(Recipient(0).serving())
        line = running.enter_context(socket.create_connection(("127.0.0.1", recipient.port)))
        line.sendall(post(b"", length=10))
        time.sleep(0.2)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", recipient.port))


def _resident() -> int:
    """Bytes of memory that this process has now."""
    sizes = Path("/proc/self/statm").read_text()
    return int(sizes.split()[1]) * resource.getpagesize()
