"""An API behind the app's origin, and requests that no browser would make."""

from __future__ import annotations

import re
import socket
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from local.web import Web

BUCKET = "http://127.0.0.1:4566"


class Api(BaseHTTPRequestHandler):
    """The HTTP API of the stack: tells what it was asked."""

    asked: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []
    status: ClassVar[int] = 201
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        given = {name.lower(): value for name, value in self.headers.items()}
        self.asked.append((self.command, self.path, given, body))
        content = b"" if self.status == 204 else b'{"a":1}'
        self.send_response(self.status)
        for name, value in (("Content-Type", "application/json"), ("ETag", '"1"'),
                            ("Cache-Control", "no-store"), ("Allow", "GET"),
                            ("Set-Cookie", "a=b"), ("X-Amzn-RequestId", "x")):  # fmt: skip
            self.send_header(name, value)
        if content:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Quietly."""


def ask(
    served: Web, method: str, path: str, body: bytes | None = None, **given: str
) -> tuple[HTTPResponse, bytes]:
    """One request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in given.items():
        connection.putheader(name.replace("_", "-"), value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def send(served: Web, *lines: str, body: bytes = b"", then: str = "") -> bytes:
    """Raw lines of a request, perhaps another one after it; all that comes back."""
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        line.sendall(head + body + then.encode())
        line.shutdown(socket.SHUT_WR)
        said = b""
        while more := line.recv(65536):
            said += more
    return said


def statuses(said: bytes) -> list[int]:
    """The statuses of all answers on one connection."""
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", said)]


NEXT = "GET /config.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
