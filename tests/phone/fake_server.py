"""Serves the app, a `FakeHome` behind its API, a bucket, and the socket; all on loopback."""

from __future__ import annotations

import json
import threading
import time
import urllib.parse
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.phone.fake_home import JSON, FakeHome
from tests.phone.fake_http import AppHandler, BucketHandler, FakeHttp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.http11 import Request, Response


PUSH_KEY = "B" + 86 * "A"
"""As long as a key of push services is; no browser of the tests has one to ask."""


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
        self.deaf = False
        """Whether nothing is answered, as on a line that only looks open."""

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

    def wait_for(self, *, times: int = 1, **fields: Any) -> JSON:
        """The frame with these fields, once it has come so many times; fails after five seconds."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            found = self.said(**fields)
            if len(found) >= times:
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
        if self.deaf:
            return
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
    app, bucket_server = FakeHttp(cloud, AppHandler), FakeHttp(cloud, BucketHandler)
    origin, bucket = app.origin, bucket_server.origin
    address = f"ws://127.0.0.1:{socket.socket.getsockname()[1]}"
    cloud.origin, cloud.bucket = origin, bucket
    cloud.config = {"socket": f"{address}/prod", "push": PUSH_KEY}
    cloud.csp = (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' blob: {bucket}; media-src {bucket}; "
        f"connect-src 'self' {address} {bucket}; "
        "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    cloud.reset()
    servers: list[Server | FakeHttp] = [socket, app, bucket_server]
    running = [threading.Thread(target=each.serve_forever) for each in servers]
    for thread in running:
        thread.start()
    try:
        yield cloud
    finally:
        cloud.hang_up()
        for each in servers:
            each.shutdown()
        for thread in running:
            thread.join(5)
        app.server_close()
        bucket_server.server_close()
