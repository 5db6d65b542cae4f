"""A house on loopback: real sockets, real PUTs, and a cable that can be pulled at any step."""

import asyncio
import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response

from doorbell.protocol import (
    Acknowledged,
    EnterCode,
    Hello,
    HelloAnswer,
    Message,
    MessageError,
    Opened,
    Ping,
    Pong,
    Request,
    Ring,
    RingThrough,
    Ticket,
    Upload,
    message_frame,
    read_request,
)
from doorbell.protocol.names import Role
from doorbell_client.config.credentials import Credentials

TOKEN = "home.front.secret"

STEPS = ("ring", "ticket", "put begins", "put half", "put stored", "put answered", "decision")
"""Where the cable can be pulled, in the order of a ring."""


@dataclass
class FakeCloud:
    """What the real one promises: a press is one ring, a key is written once."""

    decide: Callable[[str], list[Message]] = lambda ring: [RingThrough(ring, "stranger")]
    """What the door hears once a ring's photo is there."""
    cut_at: str | None = None
    """The cable is pulled once, at this step."""
    outage: float = 0.2
    """Seconds until it is plugged in again."""
    answer_put: Callable[[int], int | None] = lambda count: None
    """An HTTP status in place of storing, for the n-th PUT."""
    tickets: bool = True
    role: Role = "door"
    """What `hello` is answered with."""
    films: bool = False
    """Whether a ticket has room for a film."""
    answer_film: Callable[[int], int | None] = lambda count: None
    """As `answer_put`, for the n-th PUT of a film."""
    film_seconds: float = 0.0
    """So long a film is on its way."""
    acknowledges: bool = True
    """False: every `opened` is lost on its way."""
    clock: Callable[[], float] = time.time
    presses: dict[str, list[float]] = field(default_factory=dict)
    """Press → the moments of pressing, as each telling of it says (wall clock)."""
    photos: dict[str, bytes] = field(default_factory=dict)
    bursts: dict[str, bytes] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)
    """Keys of photos and films in the order in which they were stored."""
    film_puts: int = 0
    requests: list[Request] = field(default_factory=list)
    puts: int = 0
    cuts: Counter[str] = field(default_factory=Counter)
    tokens: list[str | None] = field(default_factory=list)
    port: int = 0
    _put_port: int = 0
    _sockets: set[ServerConnection] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _sending: set[asyncio.Future[None]] = field(default_factory=set)
    _down_until: float = 0.0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _keys: dict[str, str] = field(default_factory=dict)

    @property
    def credentials(self) -> Credentials:
        return Credentials(f"ws://127.0.0.1:{self.port}/prod", TOKEN)

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["FakeCloud"]:
        async with serve(self._serve, "127.0.0.1", port, process_request=self._admit) as sockets:
            store = await asyncio.start_server(self._http, "127.0.0.1", 0)
            self.port, self._put_port = _port(sockets), _port(store)
            async with store:
                yield self
                self._pull_the_cable()

    def say(self, *messages: Message) -> None:
        """To every open connection."""
        for message in messages:
            for socket in self._sockets:
                self._send(socket, message)

    def cut(self) -> None:
        """Pull the cable for `outage` seconds."""
        self._down_until = time.monotonic() + self.outage
        self._pull_the_cable()

    def key_of(self, press: str) -> str:
        return f"guest/home/{press}/photo.jpeg"

    def burst_of(self, press: str) -> str:
        return f"guest/home/{press}/burst.mjpeg"

    # --- sockets --------------------------------------------------------------------

    def _admit(self, connection: ServerConnection, request: HttpRequest) -> Response | None:
        self.tokens.append(request.headers.get("Authorization"))
        if self._is_down():
            connection.transport.abort()
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        self._sockets.add(socket)
        try:
            async for frame in socket:
                try:
                    request = read_request(str(frame))
                except MessageError:
                    continue
                self.requests.append(request)
                self._answer(socket, request)
        except ConnectionClosed:
            pass
        finally:
            self._sockets.discard(socket)

    def _answer(self, socket: ServerConnection, request: Request) -> None:
        match request:
            case Hello():
                self._send(socket, HelloAnswer(self.role, self.clock()))
            case Ping():
                self._send(socket, Pong(self.clock()))
            case Ring(press, age):
                assert press is not None
                if self._step("ring"):
                    return
                self.presses.setdefault(press, []).append(time.time() - age)
                if self.tickets:
                    self.say(self._ticket(press))
                self._step("ticket", after=True)
            case Opened(open_id) if self.acknowledges:
                self._send(socket, Acknowledged(open_id))
            case EnterCode() | Opened():
                pass

    def _ticket(self, press: str) -> Ticket:
        photo = self._upload(press, self.key_of(press), "image/jpeg")
        burst = self._upload(press, self.burst_of(press), "application/x-mjpeg")
        return Ticket(press, photo, 300, press, burst if self.films else None)

    def _upload(self, press: str, key: str, content_type: str) -> Upload:
        signature = f"{next(self._numbers):08d}"
        self._keys[signature] = press
        url = f"http://127.0.0.1:{self._put_port}/{key}?X-Amz-Signature={signature}"
        return Upload("PUT", url, {"Content-Type": content_type, "If-None-Match": "*"})

    def _send(self, socket: ServerConnection, message: Message) -> None:
        task = asyncio.ensure_future(_quietly(socket.send(message_frame(message))))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    # --- photos ---------------------------------------------------------------------

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while not self._is_down():
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                await self._put(head, reader, writer)
        except (OSError, asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _put(
        self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        if self._step("put begins"):
            return
        length = int(headers["content-length"])
        if ".mjpeg" in target:
            await self._put_film(target, headers, length, reader, writer)
            return
        half = await reader.readexactly(length // 2)
        if self._step("put half"):
            return
        jpeg = half + await reader.readexactly(length - len(half))
        status = self._store(method, target, headers, jpeg)
        if self._step("put stored"):
            return
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        if status == 200:
            press = self._keys[target.split("=")[1]]
            if not self._step("put answered"):
                self.say(*self.decide(press))
            self._step("decision", after=True)

    async def _put_film(
        self,
        target: str,
        headers: dict[str, str],
        length: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.film_puts += 1
        film = await reader.readexactly(length)
        await asyncio.sleep(self.film_seconds)
        if (status := self.answer_film(self.film_puts)) is None:
            assert headers["content-type"] == "application/x-mjpeg"
            status = self._keep(target, headers, film, self.bursts)
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    def _store(self, method: str, target: str, headers: dict[str, str], jpeg: bytes) -> int:
        self.puts += 1
        if (status := self.answer_put(self.puts)) is not None:
            return status
        assert (method, headers["content-type"]) == ("PUT", "image/jpeg")
        return self._keep(target, headers, jpeg, self.photos)

    def _keep(
        self, target: str, headers: dict[str, str], content: bytes, kept: dict[str, bytes]
    ) -> int:
        key = target.split("?", maxsplit=1)[0].lstrip("/")
        assert headers["if-none-match"] == "*"
        assert "transfer-encoding" not in headers
        if key in kept:
            return 412
        kept[key] = content
        self.arrived.append(key)
        return 200

    # --- the cable --------------------------------------------------------------------

    def _step(self, step: str, *, after: bool = False) -> bool:
        """Pull the cable if it is to be pulled here; `after` lets what was said go out first."""
        if self.cut_at != step or self.cuts[step]:
            return self._is_down()
        self.cuts[step] += 1
        if after:
            asyncio.get_running_loop().call_later(0.005, self.cut)
        else:
            self.cut()
        return True

    def _is_down(self) -> bool:
        return time.monotonic() < self._down_until

    def _pull_the_cable(self) -> None:
        for socket in list(self._sockets):
            socket.transport.abort()
        for writer in list(self._writers):
            writer.transport.abort()


async def _quietly(sending: Any) -> None:
    with contextlib.suppress(ConnectionClosed):
        await sending


def _port(server: Server | asyncio.Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


def stack_json(cloud: FakeCloud) -> str:
    """What `make up` would write."""
    return json.dumps(
        {"websocket": cloud.credentials.url, "tokens": {"door": TOKEN, "phone": TOKEN}}
    )
