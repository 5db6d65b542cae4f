"""One photo by one ticket: exactly as signed, again where that helps, and nothing told to a log."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from doorbell.protocol import Upload
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.upload import Sent, Uploader, UploadTimeouts

SHORT = UploadTimeouts(
    connect=0.3, silence=0.2, whole=0.5, tries=3, tries_within=2, first_wait=0.01
)
JPEG = b"\xff\xd8" + b"x" * 300_000 + b"\xff\xd9"


class Storage:
    """Answers each PUT with the next status; None: hangs; 0: hangs up."""

    def __init__(self, *answers: int | None) -> None:
        self._answers = list(answers)
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self._port = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Storage"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    def ticket(self) -> Upload:
        url = f"http://127.0.0.1:{self._port}/key/photo.jpeg?X-Amz-Signature=s3cret"
        return Upload("PUT", url, {"Content-Type": "image/jpeg", "If-None-Match": "*", "x-y": "z"})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                length = int(head.lower().split("content-length:")[1].split("\r\n")[0])
                self.bodies.append(await reader.readexactly(length))
                answer = self._answers.pop(0)
                if answer is None:
                    await asyncio.sleep(1)
                    break
                if answer == 0:
                    break
                writer.write(f"HTTP/1.1 {answer} x\r\nContent-Length: 0\r\n\r\n".encode())
        writer.transport.abort()


def outcome(storage: Storage, ticket: Callable[[], Upload] | None = None) -> Sent:
    async def send() -> Sent:
        async with storage.running():
            uploader = Uploader(SHORT)
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


@pytest.mark.parametrize("answer", [403, 400, 401, 404, 411, 301])
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
