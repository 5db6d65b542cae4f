"""What a camera asks of the cloud, and what it makes of every answer."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import pytest

from doorbell.protocol import Upload
from doorbell_client.camera.cloud import CameraCloud, Trouble, address
from doorbell_client.camera.shot import new_shot
from doorbell_client.errors import ClientError, NotLetIn, PictureRefused, UploadFailed
from doorbell_client.outbox.upload import UploadTimeouts
from tests.doorbell_client.camera.fake_recipient import TOKEN, FakeRecipient

SHORT = UploadTimeouts(connect=0.5, silence=0.3, whole=0.6)
SHOT = new_shot("burst", 1_700_000_000.125, "0123abcd", "123e4567-e89b-42d3-a456-426614174000")


def ask(recipient: FakeRecipient, size: int = 12) -> Upload | None:
    async def scene() -> Upload | None:
        async with recipient.running():
            cloud = CameraCloud(recipient.credentials, SHORT)
            try:
                return await cloud.ask(SHOT, size)
            finally:
                await cloud.close()

    return asyncio.run(scene())


def test_a_question_names_the_shot_and_carries_the_token_in_a_header() -> None:
    recipient = FakeRecipient()
    upload = ask(recipient)
    assert upload is not None
    assert (upload.method, upload.headers["If-None-Match"]) == ("PUT", "*")
    assert recipient.asked == [
        {
            "id": "123e4567-e89b-42d3-a456-426614174000",
            "kind": "burst",
            "type": "application/x-mjpeg",
            "name": "party",
            "taken_at": 1_700_000_000.125,
            "size": 12,
        }
    ]
    assert TOKEN not in recipient.heads[0].splitlines()[0]


def test_what_is_there_already_needs_no_upload() -> None:
    recipient = FakeRecipient(says_done=True)
    recipient.objects[f"bursts/home/party/{SHOT.id}"] = b"there"
    assert ask(recipient) is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, NotLetIn),
        (403, NotLetIn),
        (400, PictureRefused),
        (413, PictureRefused),
        (415, PictureRefused),
        (404, UploadFailed),
        (409, UploadFailed),
        (429, UploadFailed),
        (500, UploadFailed),
        (503, UploadFailed),
        (204, UploadFailed),
        (302, UploadFailed),
    ],
)
def test_every_refusal_is_for_now_for_this_token_or_for_ever(
    status: int, error: type[ClientError]
) -> None:
    with pytest.raises(error) as caught:
        ask(FakeRecipient(answer_ask=lambda count: status))
    assert TOKEN not in str(caught.value)


def test_a_wrong_token_is_not_let_in() -> None:
    with pytest.raises(NotLetIn, match="403"):
        ask(FakeRecipient(token="home.party.another"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"upload": 5}',
        b'{"upload": {"method": "GET", "url": "x", "headers": {}}}',
        b'{"done": "yes"}',
        b"[" * 5000,
        b'{"upload": "' + b"x" * 100_000 + b'"}',
    ],
)
def test_an_answer_that_is_none_is_tried_again_later(answer: bytes) -> None:
    with pytest.raises(UploadFailed):
        against(lambda: answer)


def test_a_cloud_that_hangs_or_hangs_up_is_out_of_reach() -> None:
    with pytest.raises(UploadFailed, match="out of reach"):
        against(lambda: None)
    with pytest.raises(UploadFailed, match="out of reach"):
        ask_at("http://127.0.0.1:9/")


def ask_at(url: str) -> Upload | None:
    async def scene() -> Upload | None:
        credentials = FakeRecipient().credentials
        cloud = CameraCloud(type(credentials)(url, TOKEN), SHORT)
        return await cloud.ask(SHOT, 12)

    return asyncio.run(scene())


def against(answer: Callable[[], bytes | None]) -> Upload | None:
    """Ask a cloud that answers 201 with this; None: it never answers."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            if (said := answer()) is None:
                await asyncio.sleep(1)
            else:
                head = f"HTTP/1.1 201 x\r\nContent-Length: {len(said)}\r\n\r\n"
                writer.write(head.encode() + said)
                await writer.drain()
        writer.transport.abort()

    async def scene() -> Upload | None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        credentials = FakeRecipient(port=server.sockets[0].getsockname()[1]).credentials
        cloud = CameraCloud(credentials, SHORT)
        async with server:
            try:
                return await cloud.ask(SHOT, 12)
            finally:
                await cloud.close()

    return asyncio.run(scene())


@pytest.mark.parametrize(
    ("recipient", "asked"),
    [
        ("https://x.example", "https://x.example/camera/uploads"),
        ("https://x.example/", "https://x.example/camera/uploads"),
        ("https://x.example/camera", "https://x.example/camera/uploads"),
        ("https://x.example/camera/", "https://x.example/camera/uploads"),
        ("http://127.0.0.1:5/stage/", "http://127.0.0.1:5/stage/camera/uploads"),
    ],
)
def test_the_address_is_below_the_recipient(recipient: str, asked: str) -> None:
    assert address(recipient, "uploads") == asked


def test_trouble_is_told_and_neither_token_nor_address_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recipient = FakeRecipient()

    async def scene() -> None:
        async with recipient.running():
            cloud = CameraCloud(recipient.credentials, SHORT)
            await cloud.tell(Trouble(1_700_000_000.0, 3))
            await cloud.ask(SHOT, 12)
            recipient.token = "another"
            with pytest.raises(UploadFailed):
                await cloud.tell(Trouble(1_700_000_000.0, 3))
            await cloud.close()

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scene())
    assert recipient.troubles == [
        {"what": "disk_full", "since": 1_700_000_000.0, "dropped": 3},
    ]
    assert "s3cret" not in caplog.text
    assert "Signature" not in caplog.text
