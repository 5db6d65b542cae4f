"""How the fake cloud speaks HTTP: the app's files and its API, and a bucket for photos."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import json
import urllib.parse
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from tests.phone.fake_home import JSON, FakeHome

PHONE: Final = Path(__file__).resolve().parents[2] / "phone"
KINDS: Final = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css",
    ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
}  # fmt: skip
FROM_ANYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "*",
}


class Cloud(Protocol):
    """What is served: `tests.phone.fake_server.FakeCloud`."""

    home: FakeHome
    config: JSON
    csp: str
    photos: dict[str, bytes]
    config_status: int
    config_is_sent: threading.Event
    changed: dict[str, bytes]


class FakeHttp(http.server.ThreadingHTTPServer):
    """A server on any free port; `origin` is where."""

    def __init__(self, cloud: Cloud, handler: type[_Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.cloud = cloud
        self.origin = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is no news."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    @property
    def cloud(self) -> Cloud:
        assert isinstance(self.server, FakeHttp)
        return self.server.cloud

    @property
    def url(self) -> urllib.parse.SplitResult:
        return urllib.parse.urlsplit(self.path)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def reply(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))


class AppHandler(_Handler):
    """The app's files with the headers they have on AWS, `config.json`, and the API."""

    def do_GET(self) -> None:
        path = self.url.path
        if path.startswith("/api/"):
            self.api()
        elif path == "/config.json":
            config = json.dumps(self.cloud.config).encode()
            self.cloud.config_is_sent.wait(10)
            status = self.cloud.config_status
            body = config if status == HTTPStatus.OK else b""
            self.reply(status, body, {"Content-Type": "application/json"})
        else:
            self.file(PHONE / ("index.html" if path == "/" else path.lstrip("/")))

    def do_POST(self) -> None:
        self.api()

    def do_PUT(self) -> None:
        self.api()

    def do_PATCH(self) -> None:
        self.api()

    def do_DELETE(self) -> None:
        self.api()

    def file(self, path: Path) -> None:
        if not path.is_file():
            return self.reply(404)
        data = self.cloud.changed.get(self.url.path) or path.read_bytes()
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        headers = {
            "Content-Type": KINDS[path.suffix],
            "ETag": etag,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": self.cloud.csp,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(self), microphone=()",
        }
        if self.headers.get("If-None-Match") == etag:
            return self.reply(304, headers=headers)
        if path.suffix == ".png":
            return self.reply(200, data, headers)
        return self.reply(200, _compressed(data), {**headers, "Content-Encoding": "gzip"})

    def api(self) -> None:
        path = urllib.parse.unquote(self.url.path.removeprefix("/api"))
        query = dict(urllib.parse.parse_qsl(self.url.query))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        body = json.loads(self.body() or b"{}")
        answer = self.cloud.home.answer(self.command, path, query, body, token)
        data = b"" if answer.body is None else json.dumps(answer.body).encode()
        kind = "application/json" if answer.status < 400 else "application/problem+json"
        self.reply(answer.status, data, {"Content-Type": kind, "ETag": '"1"'})


class BucketHandler(_Handler):
    """Photos by name; one that is put is looked at, as enrolment does."""

    def do_OPTIONS(self) -> None:
        self.reply(204, headers=FROM_ANYWHERE)

    def do_GET(self) -> None:
        data = self.cloud.photos.get(self.url.path.lstrip("/"))
        if data is None:
            return self.reply(404)
        return self.reply(200, data, {"Content-Type": "image/jpeg"})

    def do_PUT(self) -> None:
        _, _, resident, photo = urllib.parse.unquote(self.path).split("/")
        self.cloud.photos[photo] = self.body()
        self.reply(200, headers=FROM_ANYWHERE)
        self.cloud.home.look_at_face(resident, photo)


@functools.cache
def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, 6)
