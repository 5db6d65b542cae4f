"""A session against hostile servers: it never crashes, spins or leaks."""

import asyncio
import contextlib
import json
import logging
import socket
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from doorbell.protocol import Hello, Message, NoAnswer, Ping, Ring, RingThrough, message_frame
from doorbell.protocol import read_request as read
from doorbell_client.config.credentials import Credentials
from doorbell_client.errors import ConfigError
from doorbell_client.link.line import Line, LinkTimeouts
from doorbell_client.link.session import Session

QUICK = LinkTimeouts(
    connect=0.3, ping=0.2, pong=0.15, planned=60, planned_latest=90,
    first_retry=0.02, longest_retry=0.1, refused_retry=0.2, stable=0.5, hurry=0.02, beat=0.02,
    asleep=1.0,
    crowded_first=0.02,
    crowded_longest=0.1,
)  # fmt: skip
HEARD = NoAnswer("r")
LONG = QUICK._replace(ping=60)
Handler = Callable[[ServerConnection], Awaitable[None]]


class Listener:
    """A session, and everything it told."""

    def __init__(self, port: int, timeouts: LinkTimeouts = QUICK, busy: bool = False) -> None:
        self.messages: list[Message] = []
        self.lines: list[Line] = []
        self.came = asyncio.Event()
        self.busy = busy
        self.session = Session(
            lambda: Credentials(f"ws://127.0.0.1:{port}/prod", "home.front.secret"),
            self._hear,
            self.lines.append,
            busy=lambda: self.busy,
            timeouts=timeouts,
        )

    def _hear(self, message: Message) -> None:
        self.messages.append(message)
        self.came.set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Listener"]:
        running = asyncio.create_task(self.session.run())
        try:
            yield self
            assert not running.done()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not true():
                await asyncio.sleep(0.005)


class Server_:  # noqa: N801 - `Server` is websockets' own
    """A server that does with every connection what it is told, and counts them."""

    def __init__(self, handler: Handler, status: int | None = None) -> None:
        self._handler = handler
        self._status = status
        self.connects = 0
        self.headers: list[str | None] = []
        self.paths: list[str] = []
        self.frames: list[str] = []

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[int]:
        async with serve(
            self._serve, "127.0.0.1", port, process_request=self._admit, close_timeout=0.2
        ) as server:
            yield _port(server)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.connects += 1
        self.headers.append(request.headers.get("Authorization"))
        self.paths.append(request.path)
        return connection.respond(HTTPStatus(self._status), "") if self._status else None

    async def _serve(self, connection: ServerConnection) -> None:
        await self._handler(connection)


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


async def _stay(connection: ServerConnection) -> None:
    await connection.wait_closed()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


# --- a good server ------------------------------------------------------------


def test_hello_comes_first_and_the_token_stands_in_the_header_alone() -> None:
    async def scene() -> None:
        frames: list[str] = []

        async def handler(connection: ServerConnection) -> None:
            frames.append(str(await connection.recv()))
            await connection.send(message_frame(HEARD))
            await _stay(connection)

        server = Server_(handler)
        async with server.running() as port, Listener(port).listening() as it:
            await it.until(lambda: it.messages == [HEARD])
            assert it.lines == [Line.UP]
        assert read(frames[0]) == Hello()
        assert server.headers == ["Bearer home.front.secret"]
        assert server.paths == ["/prod"]

    run(scene)


def test_what_is_sent_without_a_line_is_refused_and_not_kept() -> None:
    async def scene() -> None:
        listener = Listener(1)
        assert listener.session.send(Ring("x")) is False

    run(scene)


def test_a_silent_line_is_pinged_and_stays_while_it_answers() -> None:
    async def scene() -> None:
        pings = 0

        async def handler(connection: ServerConnection) -> None:
            nonlocal pings
            async for frame in connection:
                if read(str(frame)) == Ping():
                    pings += 1
                    await connection.send('{"type":"pong"}')

        server = Server_(handler)
        async with server.running() as port, Listener(port).listening() as it:
            await it.until(lambda: pings >= 3)
            assert server.connects == 1
            assert it.messages == []

    run(scene)


def test_a_planned_reconnect_waits_for_the_end_of_a_ring() -> None:
    async def scene() -> None:
        server = Server_(_stay)
        timeouts = QUICK._replace(planned=0.1, planned_latest=60, ping=60)
        async with server.running() as port, Listener(port, timeouts, busy=True).listening() as it:
            await asyncio.sleep(0.4)
            assert server.connects == 1
            it.busy = False
            await it.until(lambda: server.connects >= 2)

    run(scene)


def test_a_lost_server_is_found_again() -> None:
    async def scene() -> None:
        async with Server_(_stay).running() as port, Listener(port).listening() as it:
            await it.until(lambda: it.lines == [Line.UP])
        it = Listener(port)
        async with it.listening():
            await asyncio.sleep(0.1)
            assert it.lines == []
            async with Server_(_stay).running(port):
                await it.until(lambda: it.lines == [Line.UP])

    run(scene)


def test_somebody_who_waits_hurries_the_next_try() -> None:
    async def scene() -> None:
        server = Server_(_stay, status=500)
        timeouts = QUICK._replace(first_retry=60, longest_retry=60)
        async with server.running() as port, Listener(port, timeouts).listening() as it:
            await it.until(lambda: server.connects == 1)
            await asyncio.sleep(0.1)
            it.session.hurry()
            await it.until(lambda: server.connects == 2)
            for _ in range(100):
                it.session.hurry()
            await asyncio.sleep(0.05)
            assert server.connects <= 4

    run(scene)


def test_somebody_who_comes_while_a_try_is_under_way_hurries_the_next_one() -> None:
    async def scene() -> None:
        tries: list[float] = []

        async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tries.append(asyncio.get_running_loop().time())
            await asyncio.sleep(1)
            writer.close()

        server = await asyncio.start_server(hang, "127.0.0.1", 0)
        timeouts = QUICK._replace(first_retry=60, longest_retry=60)
        async with server, Listener(server.sockets[0].getsockname()[1], timeouts).listening() as it:
            await it.until(lambda: len(tries) == 1)
            it.session.hurry()
            await it.until(lambda: len(tries) == 2)

    run(scene)


# --- hostile ones -------------------------------------------------------------


def test_a_server_that_accepts_and_closes_is_not_stormed() -> None:
    async def scene() -> None:
        async def handler(connection: ServerConnection) -> None:
            await connection.close()

        server = Server_(handler)
        async with server.running() as port, Listener(port).listening() as it:
            await asyncio.sleep(1)
            assert 5 <= server.connects <= 25
            assert it.lines.count(Line.UP) == it.lines.count(Line.DOWN)

    run(scene)


@pytest.mark.parametrize("status", [401, 403])
def test_a_device_that_is_refused_says_so_and_comes_back_slowly(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        server = Server_(_stay, status)
        async with server.running() as port, Listener(port).listening() as it:
            await asyncio.sleep(0.5)
            assert 2 <= server.connects <= 5
            assert it.lines == [Line.REFUSED]

    run(scene)
    assert "doorbell init" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("status", [429, 500, 503, 200, 301, 418])
def test_any_other_answer_is_tried_again(status: int) -> None:
    async def scene() -> None:
        server = Server_(_stay, status)
        async with server.running() as port, Listener(port).listening() as it:
            await it.until(lambda: server.connects >= 3)
            assert Line.UP not in it.lines

    run(scene)


def test_whoever_is_turned_away_from_a_crowd_stays_away_for_longer() -> None:
    async def scene() -> None:
        server, patient = (
            Server_(_stay, 429),
            QUICK._replace(crowded_first=60.0, crowded_longest=600.0),
        )
        async with server.running() as port, Listener(port, patient).listening() as it:
            await it.until(lambda: server.connects >= 1)
            await asyncio.sleep(0.5)
            assert server.connects <= 2
            assert it.lines == []

    run(scene)


def test_no_redirect_is_followed_because_who_answers_may_open_the_door() -> None:
    async def scene() -> None:
        elsewhere = Server_(_stay)
        asked = 0
        async with elsewhere.running() as other:

            def go_there(connection: ServerConnection, request: Request) -> Response:
                nonlocal asked
                asked += 1
                headers = Headers({"Location": f"ws://127.0.0.1:{other}/prod"})
                return Response(302, "Found", headers)

            async with (
                serve(_stay, "127.0.0.1", 0, process_request=go_there) as server,
                Listener(_port(server)).listening() as it,
            ):
                await it.until(lambda: asked >= 2)
                assert it.lines == []
            assert elsewhere.connects == 0

    run(scene)


def test_a_server_that_never_answers_a_ring_is_given_up() -> None:
    async def scene() -> None:
        server = Server_(_stay)
        async with server.running() as port, Listener(port, LONG).listening() as it:
            await it.until(lambda: it.lines == [Line.UP])
            it.session.send(Ring("123e4567-e89b-42d3-a456-426614174000"))
            await it.until(lambda: server.connects >= 2)

    run(scene)


def test_a_line_that_falls_silent_while_somebody_waits_is_given_up_soon() -> None:
    async def scene() -> None:
        server = Server_(_stay)
        timeouts = LONG._replace(busy_ping=0.1, busy_pong=0.1, pong=60)
        async with server.running() as port, Listener(port, timeouts, busy=True).listening() as it:
            await it.until(lambda: server.connects >= 2)
            it.busy = False
            await asyncio.sleep(0.3)
            connects = server.connects
            await asyncio.sleep(0.5)
            assert server.connects == connects, "an idle line may be silent for minutes"

    run(scene)


def test_a_half_open_line_is_given_up() -> None:
    """Connected, and then not even TCP is acknowledged any more at the upper layer."""

    async def scene() -> None:
        async def handler(connection: ServerConnection) -> None:
            connection.transport.pause_reading()
            await asyncio.sleep(0.8)

        server = Server_(handler)
        async with server.running() as port, Listener(port).listening() as it:
            await it.until(lambda: server.connects >= 3)
            assert it.lines[:3] == [Line.UP, Line.DOWN, Line.UP]

    run(scene)


@pytest.mark.parametrize("greeting", [b"", b"H", b"SSH-2.0-x\r\n", b"HTTP/1.1 101 Yes\r\n\r\n"])
def test_a_server_that_speaks_something_else_or_nothing_is_tried_again(greeting: bytes) -> None:
    async def scene() -> None:
        connects = 0

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connects
            connects += 1
            writer.write(greeting)
            with contextlib.suppress(Exception):
                await writer.drain()
                await asyncio.sleep(1)
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Listener(port).listening() as it:
            await it.until(lambda: connects >= 2)
            assert it.lines == []

    run(scene)


NO_MESSAGES: list[str | bytes] = [
    "", "null", "[]", "{", '{"type":"nonsense"}', '{"type":3}', '{"type":"open"}', b"\x00\xff",
    '{"type":"open","open":"o","ring":"r","seconds":NaN,"valid_for":15}', "[" * 30000,
    '{"type":"ring_through","ring":"../..","reason":"stranger"}', "\ud7ff" * 100,
    '{"type":"ring_through","ring":"r","reason":"because"}', '{"action":"ring"}',
]  # fmt: skip


def test_frames_that_are_no_messages_are_named_and_ignored_and_the_line_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async def handler(connection: ServerConnection) -> None:
            for frame in NO_MESSAGES * 20:
                await connection.send(frame)
            await connection.send(message_frame(RingThrough("r", "stranger")))
            await _stay(connection)

        server = Server_(handler)
        async with server.running() as port, Listener(port, LONG).listening() as it:
            await it.until(lambda: bool(it.messages))
            assert it.messages == [RingThrough("r", "stranger")]
            assert server.connects == 1

    run(scene)
    assert "not_json" in caplog.text
    assert caplog.text.count("ignored") <= 5


def test_a_frame_of_ten_megabytes_closes_the_line_before_it_is_read() -> None:
    async def scene() -> None:
        codes: list[int | None] = []

        async def handler(connection: ServerConnection) -> None:
            with contextlib.suppress(ConnectionClosed):
                await connection.send("x" * 10_000_000)
            await connection.wait_closed()
            codes.append(connection.close_code)

        server = Server_(handler)
        async with server.running() as port, Listener(port, LONG).listening() as it:
            await it.until(lambda: len(codes) >= 2)
            assert it.messages == []
        assert codes[:2] == [1009, 1009]

    run(scene)


def test_a_message_that_cannot_be_served_does_not_end_the_line() -> None:
    async def scene() -> None:
        async def handler(connection: ServerConnection) -> None:
            await connection.send(message_frame(HEARD))
            await _stay(connection)

        server = Server_(handler)
        async with server.running() as port:
            session = Session(
                lambda: Credentials(f"ws://127.0.0.1:{port}", "t"),
                lambda message: 1 / 0,  # type: ignore[arg-type]
                lambda line: None,
                timeouts=QUICK._replace(ping=60),
            )
            running = asyncio.create_task(session.run())
            await asyncio.sleep(0.3)
            assert server.connects == 1
            assert not running.done()
            running.cancel()

    run(scene)


def test_frames_that_waited_while_the_machine_slept_are_not_believed() -> None:
    async def scene() -> None:
        slept = 0.0

        async def handler(connection: ServerConnection) -> None:
            await connection.recv()
            if server.connects == 1:
                nonlocal slept
                slept = 60.0
                await connection.send(message_frame(HEARD))
            await _stay(connection)

        server = Server_(handler)
        async with server.running() as port:
            it = Listener(port, QUICK._replace(ping=60))
            it.session._clock = lambda: asyncio.get_running_loop().time() + slept
            async with it.listening():
                await it.until(lambda: server.connects == 2)
                assert it.messages == []

    run(scene)


def test_hours_with_hostile_servers_leak_no_memory() -> None:
    async def scene() -> None:
        async def handler(connection: ServerConnection) -> None:
            for frame in NO_MESSAGES:
                await connection.send(frame)
            await connection.close()

        server = Server_(handler)
        timeouts = QUICK._replace(first_retry=0.001, longest_retry=0.001, hurry=0.001)
        async with server.running() as port, Listener(port, timeouts).listening() as it:
            await it.until(lambda: server.connects >= 30)
            it.lines.clear()
            tracemalloc.start()
            before, _ = tracemalloc.get_traced_memory()
            seen = server.connects
            await it.until(lambda: server.connects >= seen + 100)
            it.lines.clear()
            server.headers.clear()
            server.paths.clear()
            after, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert after - before < 1_000_000
            assert peak - before < 4_000_000

    logging.disable()  # what pytest keeps of the log is no leak
    try:
        run(scene)
    finally:
        logging.disable(logging.NOTSET)


# --- TLS and secrets ------------------------------------------------------------


@pytest.mark.parametrize("url", ["ws://house.example/", "http://127.0.0.1/", "ws://192.168.1.2/"])
def test_a_token_is_never_sent_in_the_clear(url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        lines: list[Line] = []
        session = Session(
            lambda: Credentials(url, "t"), lambda message: None, lines.append, timeouts=QUICK
        )
        running = asyncio.create_task(session.run())
        await asyncio.sleep(0.1)
        running.cancel()
        assert lines == [Line.REFUSED]

    run(scene)
    assert "only sent over TLS" in caplog.text


def test_a_token_that_is_missing_is_looked_for_again_until_it_is_there() -> None:
    async def scene() -> None:
        found: list[Credentials] = []

        def find() -> Credentials:
            if not found:
                raise ConfigError("The token file cannot be read.")
            return found[0]

        server = Server_(_stay)
        async with server.running() as port:
            lines: list[Line] = []
            session = Session(find, lambda message: None, lines.append, timeouts=QUICK)
            running = asyncio.create_task(session.run())
            await asyncio.sleep(0.3)
            assert (lines, session.home) == ([Line.REFUSED], "")
            assert session.send(Ring("x")) is False
            found.append(Credentials(f"ws://127.0.0.1:{port}/prod", "home.front.secret"))
            async with asyncio.timeout(15):
                while Line.UP not in lines:
                    await asyncio.sleep(0.01)
            assert session.home == f"ws://127.0.0.1:{port}/prod home"
            running.cancel()

    run(scene)


def test_a_server_whose_certificate_is_not_believed_gets_no_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        got = bytearray()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.extend(await reader.read(4096))
            writer.write(b"\x15\x03\x03\x00\x02\x02\x28")  # a TLS alert
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        session = Session(
            lambda: Credentials(f"wss://127.0.0.1:{port}/", "home.front.secret"),
            lambda message: None,
            lambda line: None,
            timeouts=QUICK,
        )
        async with server:
            running = asyncio.create_task(session.run())
            async with asyncio.timeout(15):
                while not got:
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.2)
            running.cancel()
        assert b"secret" not in got

    run(scene)
    assert "secret" not in caplog.text


def test_not_even_a_debug_log_holds_the_token(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        server = Server_(_stay)
        async with server.running() as port, Listener(port).listening() as it:
            await it.until(lambda: it.lines == [Line.UP])

    logging.getLogger("websockets.server").setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    run(scene)
    assert "secret" not in caplog.text


def test_a_port_where_nobody_listens_is_tried_again() -> None:
    async def scene() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        async with Listener(port).listening() as it:
            await asyncio.sleep(0.2)
            assert it.lines == []

    run(scene)


def test_the_requests_are_what_the_protocol_says() -> None:
    async def scene() -> None:
        frames: list[str] = []

        async def handler(connection: ServerConnection) -> None:
            async for frame in connection:
                frames.append(str(frame))

        slow = QUICK._replace(ping=60, pong=60)
        server = Server_(handler)
        async with server.running() as port, Listener(port, slow).listening() as it:
            await it.until(lambda: it.lines == [Line.UP])
            it.session.send(Ring("123e4567-e89b-42d3-a456-426614174000", 1.5))
            await it.until(lambda: len(frames) == 2)
        assert json.loads(frames[1]) == {
            "action": "ring",
            "press": "123e4567-e89b-42d3-a456-426614174000",
            "age": 1.5,
        }

    run(scene)
