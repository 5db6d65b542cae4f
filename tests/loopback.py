"""A service on this machine, for as long as a block runs: requests and answers are records."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Got(NamedTuple):
    """A request."""

    method: str
    url: str
    """Whole: scheme, host, path and query."""
    headers: Mapping[str, str]
    """Their names in small letters."""
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


class Said(NamedTuple):
    """An answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}


HANG_UP: Said = Said(0)
"""No answer at all: the connection is closed."""


@contextmanager
def serving(answer: Callable[[Got], Said]) -> Iterator[str]:
    """Answer every request so; gives the origin."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = answer(Got(self.command, origin + self.path, headers, body))
            if said is HANG_UP:
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Who hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield origin
    finally:
        server.shutdown()
        server.server_close()


def parts_of(got: Got) -> dict[str, bytes]:
    """The parts of a body of several (RFC 7578), by name."""
    kind, _, boundary = got.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    first, *parts, last = (b"\r\n" + got.body).split(b"\r\n--" + boundary.encode())
    assert (first, last.strip()) == (b"", b"--"), "every part stands between two boundaries"
    found = {}
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        name = head.split(b'; name="')[1].split(b'"')[0].decode()
        found[name] = content
    return found


@contextmanager
def deaf_address() -> Iterator[str]:
    """A host with its port whose queue is full: nobody refuses, and no connection comes about."""
    with ExitStack() as sockets:
        deaf = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        yield f"127.0.0.1:{deaf.getsockname()[1]}"
