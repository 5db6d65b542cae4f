"""One photo by one ticket: exactly as signed, again where that helps, and nothing told to a log."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from doorbell.protocol import Upload
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.upload import Sent, Uploader, UploadTimeouts
from tests.loopback import deaf_address

SHORT = UploadTimeouts(
    connect=0.3, silence=0.2, whole=0.5, tries=3, tries_within=2, first_wait=0.01
)
JPEG = b"\xff\xd8" + b"x" * 300_000 + b"\xff\xd9"


class Storage:
    """Answers each PUT with the next status; None: hangs; 0: hangs up."""

    head = "Content-Length: 0\r\n"
    silence = 1.0
    """Seconds that it hangs."""
    drips = False
    """Its answer has no end: a byte, and after a while the next."""

    def __init__(self, *answers: int | None) -> None:
        self._answers = list(answers)
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.lines = 0
        """How many connections were opened."""
        self.over = asyncio.Event()
        self.ended = asyncio.Event()
        """One of them was closed from the other side."""
        self._port = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Storage"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        async with server:
            try:
                yield self
            finally:
                self.over.set()

    def ticket(self) -> Upload:
        url = f"http://127.0.0.1:{self._port}/key/photo.jpeg?X-Amz-Signature=s3cret"
        return Upload("PUT", url, {"Content-Type": "image/jpeg", "If-None-Match": "*", "x-y": "z"})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                length = int(head.lower().split("content-length:")[1].split("\r\n")[0])
                self.bodies.append(await reader.readexactly(length))
                answer = self._answers.pop(0)
                if answer is None:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self.over.wait(), self.silence)
                    break
                if answer == 0:
                    break
                writer.write(f"HTTP/1.1 {answer} x\r\n{self.head}\r\n".encode())
                while self.drips:
                    writer.write(b".")
                    await writer.drain()
                    await asyncio.sleep(0.02)
        self.ended.set()
        writer.transport.abort()


def outcome(
    storage: Storage,
    ticket: Callable[[], Upload] | None = None,
    timeouts: UploadTimeouts = SHORT,
) -> Sent:
    async def send() -> Sent:
        async with storage.running():
            uploader = Uploader(timeouts)
            # As a door does: else the first upload's short time would go into imports.
            uploader.warm_up()
            try:
                return await uploader.send((ticket or storage.ticket)(), JPEG)
            finally:
                await uploader.close()

    return asyncio.run(send())


def test_a_photo_goes_out_as_it_was_signed() -> None:
    storage = Storage(200)
    assert outcome(storage) is Sent.DELIVERED
    [head], [body] = storage.heads, storage.bodies
    assert head.startswith("PUT /key/photo.jpeg?X-Amz-Signature=s3cret HTTP/1.1\r\n")
    for line in ("content-type: image/jpeg", "if-none-match: *", "x-y: z"):
        assert f"\r\n{line}\r\n" in head.lower()
    assert f"content-length: {len(JPEG)}\r\n" in head.lower()
    assert "transfer-encoding" not in head.lower()
    assert body == JPEG


def test_what_is_there_already_is_delivered() -> None:
    assert outcome(Storage(412)) is Sent.DELIVERED


@pytest.mark.parametrize("answer", [500, 503, 409, 429, 0, None])
def test_what_may_pass_is_tried_again(answer: int | None) -> None:
    storage = Storage(answer, 200)
    assert outcome(storage) is Sent.DELIVERED
    assert len(storage.bodies) == 2


@pytest.mark.parametrize("answer", [403, 400, 401, 404, 411, 300, 301])
def test_a_ticket_that_is_not_taken_is_not_tried_again(answer: int) -> None:
    storage = Storage(answer)
    assert outcome(storage) is Sent.STALE
    assert len(storage.bodies) == 1


def test_a_storage_that_stays_down_is_told_without_the_url() -> None:
    storage = Storage(500, 500, 500, 500)
    with pytest.raises(UploadFailed, match="answers 500") as caught:
        outcome(storage)
    assert len(storage.bodies) == SHORT.tries
    assert "s3cret" not in repr(caught.value)


@pytest.mark.parametrize(
    "url", ["http://bucket.example/x?s3cret", "ftp://127.0.0.1/s3cret", "s3cret", "http://[s3cret"]
)
def test_a_photo_goes_only_over_tls_or_within_this_machine(url: str) -> None:
    with pytest.raises(UploadFailed, match="not encrypted") as caught:
        outcome(Storage(), lambda: Upload("PUT", url, {}))
    assert "s3cret" not in str(caught.value)


def test_not_even_a_debug_log_holds_the_signature(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert outcome(Storage(500, 403)) is Sent.STALE
    assert "s3cret" not in caplog.text
    assert "Signature" not in caplog.text


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(len(JPEG))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(bytes(65536))
                await writer.drain()
                sent += 65536

    async def scene() -> Sent:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        uploader = Uploader(SHORT)
        async with server:
            try:
                return await uploader.send(Upload("PUT", f"http://127.0.0.1:{port}/", {}), JPEG)
            finally:
                await uploader.close()

    assert asyncio.run(asyncio.wait_for(scene(), 10)) is Sent.DELIVERED
    assert sent < 20_000_000


@pytest.mark.parametrize("headers", [{"x": "a\r\nb: c"}, {"": ""}, {"ü": "ü"}])
def test_a_ticket_with_headers_that_are_none_is_only_a_failed_upload(
    headers: dict[str, str],
) -> None:
    storage = Storage(200, 200, 200)
    with pytest.raises(UploadFailed, match="did not go out"):
        outcome(storage, lambda: Upload("PUT", storage.ticket().url, headers))


def test_who_sends_the_photo_elsewhere_is_not_followed() -> None:
    """A ticket is for one place; its signature holds nowhere else."""
    storage = Storage(307, 200)
    storage.head = "Content-Length: 0\r\nLocation: /elsewhere\r\n"
    assert outcome(storage) is Sent.STALE
    assert len(storage.heads) == 1


@pytest.mark.parametrize("name", ["Content-Length", "content-length"])
def test_a_ticket_that_names_the_length_names_it_once(name: str) -> None:
    storage = Storage(200)
    headers = {name: str(len(JPEG)), "x-y": "z"}
    assert outcome(storage, lambda: storage.ticket()._replace(headers=headers)) is Sent.DELIVERED
    assert storage.heads[0].lower().count("content-length") == 1
    assert "\r\nx-y: z\r\n" in storage.heads[0].lower()


def test_an_encrypted_place_is_spoken_to_by_tls_alone() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readexactly(1))
        writer.transport.abort()

    async def scene() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        uploader = Uploader(SHORT)
        uploader.warm_up()
        async with server:
            with pytest.raises(UploadFailed, match="did not go out"):
                await uploader.send(Upload("PUT", f"https://127.0.0.1:{port}/", {}), JPEG)

    asyncio.run(asyncio.wait_for(scene(), 20))
    handshake = b"\x16"  # RFC 8446, 5.1
    assert heard == [handshake] * SHORT.tries


# --- how long it takes at most -----------------------------------------------------

LONG = UploadTimeouts(connect=60, silence=60, whole=60, tries=1, tries_within=60, first_wait=0.01)
SOON = 4.0
"""Seconds: less than `LONG` and httpx's own patience allow, and enough for a busy machine."""


def seconds_until_it_fails(storage: Storage, timeouts: UploadTimeouts) -> float:
    began = time.monotonic()
    with pytest.raises(UploadFailed):
        outcome(storage, timeouts=timeouts)
    return time.monotonic() - began


def test_a_storage_that_falls_silent_is_given_up() -> None:
    storage = Storage(None)
    storage.silence = 20
    assert seconds_until_it_fails(storage, LONG._replace(silence=0.2)) < SOON


def test_an_answer_that_drips_is_given_up() -> None:
    storage = Storage(200)
    storage.head = "Content-Length: 5000\r\n"
    storage.drips = True
    assert seconds_until_it_fails(storage, LONG._replace(whole=0.5)) < SOON


def test_no_further_try_begins_when_its_time_is_over() -> None:
    storage = Storage(*[503] * 100_000)
    timeouts = LONG._replace(tries=100_000, tries_within=0.5)
    assert seconds_until_it_fails(storage, timeouts) < SOON
    assert len(storage.heads) > 1


def test_a_network_that_swallows_everything_is_given_up() -> None:
    async def scene() -> None:
        uploader = Uploader(LONG._replace(connect=0.2))
        uploader.warm_up()
        with deaf_address() as host, pytest.raises(UploadFailed, match="ConnectTimeout"):
            await uploader.send(Upload("PUT", f"http://{host}/", {}), JPEG)

    asyncio.run(asyncio.wait_for(scene(), SOON))


# --- connections --------------------------------------------------------------------


def test_one_connection_serves_many_photos_until_it_fails() -> None:
    async def scene() -> None:
        storage = Storage(200, 200, 500, 500, 500, 200)
        async with storage.running():
            uploader = Uploader(SHORT)
            uploader.warm_up()
            for _ in range(2):
                assert await uploader.send(storage.ticket(), JPEG) is Sent.DELIVERED
            assert storage.lines == 1
            with pytest.raises(UploadFailed):
                await uploader.send(storage.ticket(), JPEG)
            assert storage.lines == 1
            assert await uploader.send(storage.ticket(), JPEG) is Sent.DELIVERED
            assert storage.lines == 2, "the old one may be what was broken"
            await uploader.close()

    asyncio.run(asyncio.wait_for(scene(), 20))


def test_the_end_lets_go_of_the_connection() -> None:
    async def scene() -> None:
        storage = Storage(200)
        async with storage.running():
            uploader = Uploader(SHORT)
            uploader.warm_up()
            await uploader.send(storage.ticket(), JPEG)
            assert not storage.ended.is_set()
            await uploader.close()
            async with asyncio.timeout(5):
                await storage.ended.wait()
            await uploader.close()

    asyncio.run(asyncio.wait_for(scene(), 20))


# --- logs ----------------------------------------------------------------------------


@pytest.fixture
def talkative() -> Iterator[list[logging.Logger]]:
    """The loggers that tell whole URLs, as they are in a new process that is asked for all."""
    loggers = [logging.getLogger(name) for name in ("httpx", "httpcore")]
    before = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    yield loggers
    for each, level in zip(loggers, before, strict=True):
        each.setLevel(level)


def test_a_door_that_has_warmed_up_tells_no_address(talkative: list[logging.Logger]) -> None:
    Uploader(SHORT).warm_up()
    assert [each.level for each in talkative] == [logging.WARNING] * 2


@pytest.mark.usefixtures("talkative")
def test_one_that_has_not_tells_none_either(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        storage = Storage(200)
        async with storage.running():
            # Its imports count here, so it gets the long times.
            uploader = Uploader(LONG)
            await uploader.send(storage.ticket(), JPEG)
            await uploader.close()

    caplog.set_level(logging.DEBUG)
    asyncio.run(asyncio.wait_for(scene(), 20))
    assert "s3cret" not in caplog.text
