"""A push service on loopback, and a browser that is subscribed there: it reads what is pushed."""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    JSON = dict[str, Any]

PATIENCE = 20.0


class Got(NamedTuple):
    """One message that the service was sent."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


class Answer(NamedTuple):
    """How the service answers; `hang` seconds before that."""

    status: int = 201
    headers: dict[str, str] = {}  # noqa: RUF012 (never changed)
    hang: float = 0.0


class PushService:
    """Takes messages; `answers` says how, per path, one after another, the last for ever."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: dict[str, list[Answer]] = {}
        self.origin = ""
        self._changed = threading.Condition()

    def take(self, got: Got) -> Answer:
        """Remember a message; how it is answered."""
        with self._changed:
            self.got.append(got)
            self._changed.notify_all()
            answers = self.answers.get(got.path, [Answer()])
            return answers.pop(0) if len(answers) > 1 else answers[0]

    def at(self, path: str) -> list[Got]:
        """What came for one subscription so far."""
        with self._changed:
            return [each for each in self.got if each.path == path]

    def wait_for(self, path: str, matches: Callable[[Got], bool], within: float = PATIENCE) -> Got:
        """The first message there that matches; fails after some seconds."""
        until = time.monotonic() + within
        with self._changed:
            while True:
                for each in self.got:
                    if each.path == path and matches(each):
                        return each
                left = until - time.monotonic()
                assert left > 0, f"nothing such came to {path}: {len(self.got)} messages"
                self._changed.wait(left)


class Browser:
    """A browser's subscription, with the keys that only it has (RFC 8291, section 3)."""

    def __init__(self, service: PushService, name: str) -> None:
        self.service = service
        self.path = f"/push/{name}"
        self.endpoint = service.origin + self.path
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)

    @property
    def p256dh(self) -> str:
        """Its public key, as JavaScript gives it."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return _encoded(point)

    @property
    def auth(self) -> str:
        """Its authentication secret, as JavaScript gives it."""
        return _encoded(self._secret)

    def subscription(self) -> JSON:
        """What the app sends to `PUT /api/me/push`."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}}

    def read(self, got: Got) -> JSON:
        """What a message says."""
        said = http_ece.decrypt(
            got.body, private_key=self._key, auth_secret=self._secret, version="aes128gcm"
        )
        read: JSON = json.loads(said)
        return read

    def told(self) -> list[JSON]:
        """All that was pushed to it so far."""
        return [self.read(each) for each in self.service.at(self.path)]

    def wait_for(self, count: int, kind: str) -> list[Got]:
        """So many messages with a notice of this type, in order; fails after some seconds."""
        seen: list[Got] = []

        def enough(got: Got) -> bool:
            if got not in seen and self.read(got)["type"] == kind:
                seen.append(got)
            return len(seen) >= count

        self.service.wait_for(self.path, enough)
        return seen

    def hear(self, kind: str, within: float = PATIENCE, **fields: Any) -> JSON:
        """The first notice of this type with these fields; fails after some seconds."""
        wanted = {"type": kind, **fields}
        found = self.service.wait_for(
            self.path, lambda got: wanted.items() <= self.read(got).items(), within
        )
        return self.read(found)


@contextmanager
def push_service() -> Iterator[PushService]:
    """A push service that runs until the block ends."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = service.take(Got(self.path, dict(self.headers), body, time.time()))
            time.sleep(answer.hang)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Who hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_port}"
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def claims_of(authorization: str) -> dict[str, Any]:
    """What a token of VAPID says."""
    token = authorization.partition("t=")[2].partition(",")[0]
    said = token.split(".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    return read


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
