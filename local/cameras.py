"""Where cameras send to on this machine: plain HTTP, handed to the stack's HTTP API.

Whatever comes is bounded: how long a head and a body may take, how large a body may be, how many
come at once. A body goes to disk on its way, so that memory stays flat. Loopback only.
"""

import asyncio
import contextlib
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import IO, Any, Final, NamedTuple, Self
from urllib.parse import quote, urlsplit

from doorbell.cameras.problems import Problem, not_found, too_large
from doorbell.cameras.receiving import LARGEST
from local.errors import PortInUse

HEAD_SECONDS: Final = 10.0
BODY_SECONDS: Final = 30.0
API_SECONDS: Final = 30.0
"""As long as API Gateway waits, each of them."""
MOST_BYTES: Final = 10_000_000
"""Of a body: as API Gateway has it. What is too much for the function, the function refuses."""
_READ_AWAY: Final = 4 * MOST_BYTES
"""So much of a body that is too large is read, for its sender to hear the answer."""
MOST_AT_ONCE: Final = 200
_HANDED_ON_AT_ONCE: Final = 16
_IN_MEMORY: Final = 64 * 1024
_ENDS_WITHIN: Final = 5.0

_PASSED_ON: Final = frozenset(
    {b"authorization", b"content-type", b"content-disposition", b"cloudfront-forwarded-proto"}
)
_GIVEN_BACK: Final = frozenset({"allow", "cache-control", "content-type", "www-authenticate"})


class Answer(NamedTuple):
    """What a camera hears."""

    status: int
    body: bytes
    headers: dict[str, str]


class Recipient:
    """The server: its port is known at once, what stands behind it once the stack does."""

    def __init__(self, port: int) -> None:
        """Raises PortInUse."""
        self.behind: str | None = None
        """Where the HTTP API answers by itself."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
            # Who comes before there is a server waits for it.
            self._socket.listen(256)
        except (OSError, OverflowError) as error:
            self._socket.close()
            raise PortInUse(f"Port {port} cannot be used for cameras: {error}.") from error
        self.port = int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """What is typed into a camera's page."""
        return f"http://127.0.0.1:{self.port}/"

    @contextlib.contextmanager
    def serving(self) -> Iterator[Self]:
        """Answers while entered."""
        loop, ended = asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(target=_run, args=(loop, self._serve(ended)), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(ended.set)
            thread.join(_ENDS_WITHIN)

    async def _serve(self, ended: asyncio.Event) -> None:
        from hypercorn.asyncio import serve
        from hypercorn.config import Config

        config = Config()
        config.bind = [f"fd://{self._socket.detach()}"]
        config.keep_alive_timeout = HEAD_SECONDS
        config.graceful_timeout = 0.1
        config.loglevel = "WARNING"
        config.include_server_header = False
        with ThreadPoolExecutor(_HANDED_ON_AT_ONCE) as threads:
            await serve(_App(self, threads), config, shutdown_trigger=ended.wait)


def _run(loop: asyncio.AbstractEventLoop, work: Any) -> None:
    try:
        loop.run_until_complete(work)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


class _HungUp(Exception):
    """The camera is gone; nobody waits for an answer."""


class _App:
    """The ASGI application."""

    def __init__(self, recipient: Recipient, threads: ThreadPoolExecutor) -> None:
        self._recipient = recipient
        self._threads = threads
        self._at_once = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            with contextlib.suppress(_HungUp):
                await _answer(send, scope["method"], await self._serve(scope, receive))

    async def _serve(self, scope: Any, receive: Any) -> Answer:
        self._at_once += 1
        try:
            if self._at_once > MOST_AT_ONCE:
                raise Problem("try_again", "Too many cameras send at once. Please try again.")
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
                size = await _read(receive, body)
                body.seek(0)
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, self._hand_on, scope, body, size)
        except Problem as problem:
            shown = json.dumps(problem.shown).encode()
            return Answer(problem.status, shown, {"content-type": "application/problem+json"})
        finally:
            self._at_once -= 1

    def _hand_on(self, scope: Any, body: IO[bytes], size: int) -> Answer:
        path = scope["raw_path"].decode("latin-1")
        if self._recipient.behind is None or not path.startswith("/") or ".." in path.split("/"):
            raise not_found()
        query = scope["query_string"].decode("latin-1")
        asked = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in _PASSED_ON
        }
        at = urlsplit(self._recipient.behind)
        target = quote(at.path.rstrip("/"), safe="/") + path + (f"?{query}" if query else "")
        return _ask(at.netloc, scope["method"], target, body, size, asked)


async def _read(receive: Any, into: IO[bytes]) -> int:
    """A body, whole; its size. Raises Problem, _HungUp."""
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            more = True
            while more and size <= _READ_AWAY:
                message = await receive()
                if message["type"] != "http.request":
                    raise _HungUp
                size += len(message["body"])
                if size <= MOST_BYTES:
                    into.write(message["body"])
                more = message["more_body"]
    except TimeoutError:
        raise Problem("too_slow", f"A body may take {BODY_SECONDS:g} seconds.") from None
    if size > MOST_BYTES:
        raise too_large(LARGEST)
    return size


def _ask(
    host: str, method: str, target: str, body: IO[bytes], size: int, asked: dict[str, str]
) -> Answer:
    sent = {**asked, "Content-Length": str(size)} if size else asked
    with contextlib.closing(HTTPConnection(host, timeout=API_SECONDS)) as connection:
        try:
            connection.request(method, target, body if size else None, sent)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            raise Problem("try_again", "The doorbell does not answer. Please try again.") from None
    given = {k.lower(): v for k, v in answer.getheaders() if k.lower() in _GIVEN_BACK}
    return Answer(answer.status, content, given)


async def _answer(send: Any, method: str, answer: Answer) -> None:
    headers = {**answer.headers, "content-length": str(len(answer.body))}
    given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": given})
    body = b"" if method == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _live(receive: Any, send: Any) -> None:
    """The server says when it starts and ends; there is nothing to do."""
    for moment in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{moment}.complete"})
