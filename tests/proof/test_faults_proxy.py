"""The proxy before AWS: what passes, passes unchanged; what is to go wrong, goes wrong so."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from proof.faults.board import Board, Fault, Worker
from proof.faults.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME: Final = "faults-1"
WHERE: Final = "RingPath dynamodb.GetItem"
SIGNED: Final = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=ASIA1/20261130/us-east-1/dynamodb/aws4_request",
    "X-Amz-Target": "DynamoDB_20120810.GetItem",
}


class World:
    """An AWS that counts, and the proxy before it."""

    def __init__(self, board: Board, proxy: Proxy) -> None:
        self.board = board
        self.proxy = proxy
        self.got: list[tuple[str, bytes]] = []

    def call(self, content: bytes = b'{"home":{"S":"faults-1"}}') -> httpx.Response:
        """One call of a function, which waits 1 s for its answer."""
        return httpx.post(
            self.proxy.url, content=content, headers=SIGNED, timeout=1, trust_env=False
        )


@contextmanager
def _world() -> Iterator[World]:
    board = Board()
    proxy = Proxy(board)
    world = World(board, proxy)

    class Aws(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            world.got.append((self.headers["Host"], body))
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Aws) as server, proxy.running():
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy.to = server.server_port
        board.works("ASIA1", Worker(0, "RingPath", HOME))
        yield world
        server.shutdown()


@pytest.fixture
def world() -> Iterator[World]:
    """With no fault yet."""
    with _world() as running:
        yield running


def test_a_call_passes_with_its_own_host_which_is_signed(world: World) -> None:
    answer = world.call(b"x" * 100_000)
    assert (answer.status_code, answer.content) == (200, b"{}")
    assert world.got == [(f"127.0.0.1:{world.proxy.port}", b"x" * 100_000)]
    assert world.board.trace(HOME) == [WHERE], "by who signs, where nothing names a home"


@pytest.mark.parametrize(
    ("mode", "answer", "effects"),
    [
        ("throttle", "ProvisionedThroughputExceededException", 0),
        ("5xx", "InternalServerError", 0),
        ("hang", "ReadTimeout", 0),
        ("cut", "RemoteProtocolError", 0),
        ("kill", "RemoteProtocolError", 0),
        ("after", "RemoteProtocolError", 1),
        ("kill_after", "RemoteProtocolError", 1),
        ("twice", "{}", 2),
    ],
)
def test_a_call_goes_wrong_as_it_is_told(
    world: World, mode: str, answer: str, effects: int
) -> None:
    world.board.arm(HOME, Fault(WHERE, 1, mode))
    try:
        said = world.call().text
    except httpx.HTTPError as error:
        # A line that is aborted may be a reset one, too.
        said = type(error).__name__.replace("ReadError", "RemoteProtocolError")
    assert answer in said
    assert len(world.got) == effects
    assert world.call().text == "{}", "once, and no more"
