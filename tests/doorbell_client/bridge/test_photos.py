"""A photo is fetched whole, within limits, and its link is told to nobody."""

from __future__ import annotations

import asyncio
import logging

import pytest

from doorbell_client.bridge.photos import FetchLimits, fetch
from doorbell_client.errors import DownloadFailed
from tests.doorbell.aws.api.servers import Act, Server

JPEG = b"\xff\xd8\xff" + b"x" * 200_000
QUICK = FetchLimits(tries=2, first_wait=0.01)
IMPATIENT = QUICK._replace(whole=0.5)


def answer(status: int, body: bytes = b"", head: str = "") -> Act:
    return Act(f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body)


def fetched(*acts: Act, limits: FetchLimits = QUICK) -> tuple[bytes | None, int]:
    """What was fetched, and in how many requests."""
    with Server(*acts).running() as server:
        url = f"http://{server.at.host}/photo.jpeg?X-Amz-Signature=5ecre7"
        return asyncio.run(fetch(url, limits)), len(server.requests)


def test_the_photo_comes_as_it_is() -> None:
    assert fetched(answer(200, JPEG)) == (JPEG, 1)


def test_a_storage_that_stumbles_is_asked_again() -> None:
    assert fetched(answer(503), answer(200, JPEG)) == (JPEG, 2)


@pytest.mark.parametrize("act", [answer(500), Act(hang_up=True, say=b""), Act(after=1.0)])
def test_a_storage_that_stays_away_is_an_error_without_the_link(act: Act) -> None:
    with pytest.raises(DownloadFailed) as failed:
        fetched(act, limits=IMPATIENT)
    assert "5ecre7" not in str(failed.value)
    assert "photo.jpeg" not in str(failed.value)


@pytest.mark.parametrize(
    "act",
    [
        answer(403, b"expired"),
        answer(404),
        answer(302, head="Location: http://127.0.0.1:1/elsewhere\r\n"),
        answer(200, b"<html>no picture</html>"),
        answer(200),
    ],
)
def test_what_is_no_photo_is_not_shown_and_not_asked_for_again(act: Act) -> None:
    assert fetched(act) == (None, 1)


def test_a_photo_without_end_is_given_up() -> None:
    assert fetched(answer(200, JPEG), limits=QUICK._replace(most_bytes=1000)) == (None, 1)


@pytest.mark.parametrize(
    "url", ["http://bucket.example/x.jpeg", "file:///etc/passwd", "", "https:"]
)
def test_only_an_encrypted_address_is_asked(url: str) -> None:
    assert asyncio.run(fetch(url, QUICK)) is None


def test_the_link_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fetched(answer(403))
    fetched(answer(200, JPEG))
    assert "403" in caplog.text
    assert "5ecre7" not in caplog.text
