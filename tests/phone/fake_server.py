"""Serves the app, a `FakeHome` behind its API, a bucket, and the socket; all on loopback."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import json
import threading
import time
import urllib.parse
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.phone.fake_home import JSON, FakeHome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.http11 import Request, Response

PHONE: Final = Path(__file__).resolve().parents[2] / "phone"
KINDS: Final = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css",
    ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
}  # fmt: skip


class FakeCloud:
    """The home with its servers. `heard` is what phones said; `photos` what the bucket holds."""

    def __init__(self) -> None:
        self.origin = self.bucket = ""
        self.config: JSON = {}
        self.csp = ""
        self.connections: set[ServerConnection] = set()
        self.reset()

    def reset(self) -> None:
        """A new home, behind the same servers."""
        self.home = FakeHome(self.origin, self.bucket, self.send)
        self.photos: dict[str, bytes] = {}
        self.heard: list[JSON] = []
        self.pending: list[JSON] = []
        """What `hello` brings again."""
        self.on_answer: Callable[[JSON], None] = lambda _frame: None
        self.refuses = False
        """Whether handshakes fail as if the network were down."""

    def send(self, message: JSON) -> None:
        """To every phone that is connected."""
        for connection in list(self.connections):
            connection.send(json.dumps(message))

    def hang_up(self) -> None:
        """Closes every connection."""
        for connection in list(self.connections):
            connection.close()

    def revoke(self) -> None:
        """The phone's token is nobody's any more."""
        self.home.token = "none"
        self.hang_up()

    def wait_for(self, count: int = 1, **fields: Any) -> JSON:
        """The frame with these fields, once so many of them have come; fails after five seconds."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            found = self.said(**fields)
            if len(found) >= count:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no {fields} in {self.heard}")

    def said(self, **fields: Any) -> list[JSON]:
        """Every frame with these fields, so far."""
        return [frame for frame in list(self.heard) if fields.items() <= frame.items()]

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuses a handshake without a good token, as API Gateway does."""
        token = urllib.parse.parse_qs(urllib.parse.urlsplit(request.path).query).get("token", [""])
        if self.refuses or token[0] != self.home.token:
            return connection.respond(HTTPStatus.FORBIDDEN, "Forbidden\n")
        return None

    def talk(self, connection: ServerConnection) -> None:
        """One phone's connection."""
        self.connections.add(connection)
        try:
            for text in connection:
                self._hear(connection, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.connections.discard(connection)

    def _hear(self, connection: ServerConnection, frame: JSON) -> None:
        self.heard.append(frame)
        match frame["action"]:
            case "hello":
                answers = [{"type": "hello", "role": "phone", "time": time.time()}, *self.pending]
            case "ping":
                answers = [{"type": "pong", "time": time.time()}]
            case _:
                answers = []
        for answer in answers:
            connection.send(json.dumps(answer))
        if frame["action"] == "answer":
            self.on_answer(frame)


@contextmanager
def fake_cloud() -> Iterator[FakeCloud]:
    """A cloud that runs until the block ends."""
    cloud = FakeCloud()
    socket: Server = serve(cloud.talk, "127.0.0.1", 0, process_request=cloud.admit)
    servers = [_http(_app_handler(cloud)), _http(_bucket_handler(cloud))]
    origin, bucket = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    address = f"ws://127.0.0.1:{socket.socket.getsockname()[1]}"
    cloud.origin, cloud.bucket = origin, bucket
    cloud.config = {"socket": f"{address}/prod", "push": None}
    cloud.csp = (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' blob: {bucket}; connect-src 'self' {address} {bucket}; "
        "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    cloud.reset()
    running = [threading.Thread(target=each.serve_forever) for each in (socket, *servers)]
    for thread in running:
        thread.start()
    try:
        yield cloud
    finally:
        cloud.hang_up()
        for each in (socket, *servers):
            each.shutdown()
        for thread in running:
            thread.join(5)
        for server in servers:
            server.server_close()


@functools.cache
def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, 6)


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A browser that goes away in the middle is no news."""


def _http(handler: type[http.server.BaseHTTPRequestHandler]) -> _Server:
    return _Server(("127.0.0.1", 0), handler)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))


def _app_handler(cloud: FakeCloud) -> type[_Handler]:
    class App(_Handler):
        def do_GET(self) -> None:
            path = urllib.parse.urlsplit(self.path).path
            if path.startswith("/api/"):
                self.api()
            elif path == "/config.json":
                self.reply(200, json.dumps(cloud.config).encode(), Content_Type="application/json")
            else:
                self.file(PHONE / ("index.html" if path == "/" else path.lstrip("/")))

        def file(self, path: Path) -> None:
            if not path.is_file():
                return self.reply(404)
            data = path.read_bytes()
            etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            headers = {
                "Content_Type": KINDS[path.suffix], "ETag": etag, "Cache_Control": "max-age=600",
                "Content_Security_Policy": cloud.csp, "X_Content_Type_Options": "nosniff",
                "Referrer_Policy": "no-referrer", "Permissions_Policy": "camera=(self), microphone=()",
            }  # fmt: skip
            if self.headers.get("If-None-Match") == etag:
                return self.reply(304, **headers)
            if path.suffix != ".png":
                data, headers["Content_Encoding"] = _compressed(data), "gzip"
            return self.reply(200, data, **headers)

        def api(self) -> None:
            url = urllib.parse.urlsplit(self.path)
            path = urllib.parse.unquote(url.path.removeprefix("/api"))
            query = dict(urllib.parse.parse_qsl(url.query))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            body = json.loads(self.body() or b"{}")
            answer = cloud.home.answer(self.command, path, query, body, token)
            data = b"" if answer.body is None else json.dumps(answer.body).encode()
            kind = "application/json" if answer.status < 400 else "application/problem+json"
            self.reply(answer.status, data, Content_Type=kind, ETag='"1"')

        do_POST = do_PUT = do_PATCH = do_DELETE = api

    return App


def _bucket_handler(cloud: FakeCloud) -> type[_Handler]:
    allowed = {"Access_Control_Allow_Origin": "*", "Access_Control_Allow_Headers": "*",
               "Access_Control_Allow_Methods": "*"}  # fmt: skip

    class Bucket(_Handler):
        def do_OPTIONS(self) -> None:
            self.reply(204, **allowed)

        def do_GET(self) -> None:
            data = cloud.photos.get(urllib.parse.urlsplit(self.path).path.lstrip("/"))
            if data is None:
                return self.reply(404)
            return self.reply(200, data, Content_Type="image/jpeg")

        def do_PUT(self) -> None:
            _, _, resident, photo = urllib.parse.unquote(self.path).split("/")
            cloud.photos[photo] = self.body()
            self.reply(200, **allowed)
            cloud.home.look_at_face(resident, photo)

    return Bucket
