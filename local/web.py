"""The phones' app on this machine: its files and its API at one origin, as CloudFront has them.

Files come from `phone/` as they are on disk, so that a change shows at the next reload; requests
under `/api/` go on to the stack's HTTP API. Loopback only.
"""

import contextlib
import gzip
import re
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple, Self
from urllib.parse import quote, unquote, urlsplit

from local.errors import PortInUse
from operations.app import FILES, config, content_type

API_SECONDS: Final = 30.0
"""As long as API Gateway waits for an answer."""
IDLE_SECONDS: Final = 75.0
"""A connection on which nothing comes for so long, in the middle of a request or not, is closed."""
LONGEST_BODY: Final = 64 * 1024
MOST_DISCARDED: Final = 1024 * 1024
"""So much of a longer body is read, so that whoever sends it reads why it is refused."""
_PASSED_ON: Final = ("authorization", "content-type", "if-match", "accept", "origin")
_GIVEN_BACK: Final = ("content-type", "cache-control", "etag", "allow")

_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: {bucket}; "
    "connect-src 'self' {socket} {bucket}; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Behind(NamedTuple):
    """What stands behind the app."""

    socket: str
    """Where phones connect."""
    api: str
    """Where the HTTP API answers by itself."""
    bucket: str
    """The origin that photos come from."""
    push: str | None
    """The key that browsers know our notices by."""

    @property
    def config(self) -> bytes:
        """`config.json`, which the app reads at its start."""
        return config(self.socket, self.push)


class Web:
    """The server: its port is known at once, what it serves once the stack stands."""

    def __init__(self, port: int) -> None:
        """Raises PortInUse."""
        self.behind: Behind | None = None
        web = self

        class Handler(_Handler):
            served = web

        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        except (OSError, OverflowError) as error:
            raise PortInUse(f"Port {port} cannot be used for the phones' app: {error}.") from error
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self._server.server_port)

    @property
    def origin(self) -> str:
        """Where the app is."""
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def serving(self) -> Iterator[Self]:
        """Answers while entered."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def headers(behind: Behind) -> dict[str, str]:
    """What CloudFront puts on every answer of the app, on AWS (template.yaml, AppHeaders)."""
    socket = urlsplit(behind.socket)
    policy = _CONTENT_SECURITY_POLICY.format(
        socket=f"{socket.scheme}://{socket.netloc}", bucket=behind.bucket
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=()",
    }


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    served: Web
    protocol_version = "HTTP/1.1"
    server_version = "doorbell"
    sys_version = ""
    timeout = IDLE_SECONDS
    # Head and body apart would wait for each other (Nagle's algorithm).
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Nothing: paths hold pairing codes."""

    def _answer(self) -> None:
        behind = self.served.behind
        body = self._body()
        if body is None:
            return
        if behind is None:
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, b"", {})
        elif not re.fullmatch(r"/[!-~]*", self.path):
            self._send(HTTPStatus.BAD_REQUEST, b"", headers(behind))
        elif self.path.startswith("/api/"):
            self._pass_on(behind, body)
        elif self.command not in ("GET", "HEAD"):
            self._send(HTTPStatus.METHOD_NOT_ALLOWED, b"", headers(behind) | {"Allow": "GET, HEAD"})
        else:
            self._send_file(behind, unquote(urlsplit(self.path).path))

    def _body(self) -> bytes | None:
        """What was sent with the request, whatever it is; None if that was refused, or ended early.

        It is read in any case: what is left of it would be taken for the next request.
        """
        said = self.headers.get_all("Content-Length", ["0"])
        refused: HTTPStatus | None = None
        if "Transfer-Encoding" in self.headers:
            refused = HTTPStatus.LENGTH_REQUIRED
        elif len(said) > 1 or not re.fullmatch("[0-9]{1,15}", said[0]):
            refused = HTTPStatus.BAD_REQUEST
        elif int(said[0]) > LONGEST_BODY:
            refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            self.rfile.read(min(int(said[0]), MOST_DISCARDED))
        if refused:
            self.close_connection = True
            self._send(refused, b"", {"Connection": "close"})
            return None
        body = self.rfile.read(int(said[0]))
        if len(body) < int(said[0]):
            self.close_connection = True
            return None
        return body

    def _send_file(self, behind: Behind, path: str) -> None:
        given = {**headers(behind), "Cache-Control": "no-cache"}
        if path == "/config.json":
            self._send(HTTPStatus.OK, behind.config, given | {"Content-Type": "application/json"})
            return
        file = _file_at(path)
        if file is None:
            self._send(HTTPStatus.NOT_FOUND, b"", given)
            return
        kind, content = content_type(file), file.read_bytes()
        if "charset" in kind and "gzip" in self.headers.get("Accept-Encoding", ""):
            # So does CloudFront.
            content = gzip.compress(content, 6)
            given |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self._send(HTTPStatus.OK, content, given | {"Content-Type": kind})

    def _pass_on(self, behind: Behind, body: bytes) -> None:
        asked = {k: v for k, v in self.headers.items() if k.lower() in _PASSED_ON}
        status, content, given = _ask(behind.api, self.command, self.path, body, asked)
        self._send(status, content, given)

    def _send(self, status: int, content: bytes, given: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in given.items():
            self.send_header(name, value)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _file_at(path: str) -> Path | None:
    """The app's file that is meant; None if there is none, or it lies outside."""
    try:
        file = (FILES / (path.lstrip("/") or "index.html")).resolve()
        return file if file.is_relative_to(FILES) and file.is_file() else None
    except (OSError, ValueError):
        return None  # a name that no file can have


def _ask(
    api: str, method: str, path: str, body: bytes, asked: Mapping[str, str]
) -> tuple[int, bytes, dict[str, str]]:
    at = urlsplit(api)
    with contextlib.closing(HTTPConnection(at.netloc, timeout=API_SECONDS)) as connection:
        try:
            connection.request(method, quote(at.path, safe="/") + path, body or None, dict(asked))
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            return HTTPStatus.BAD_GATEWAY, b"", {}
    given = {k.title(): v for k, v in answer.getheaders() if k.lower() in _GIVEN_BACK}
    return answer.status, content, given
