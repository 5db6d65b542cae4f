"""Cameras are answered as HTTP has it; what is wrong is refused, and nothing half is kept."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorbell_client.relay.events import Received, Refused
from doorbell_client.relay.listener import Admission
from doorbell_client.relay.reception import LARGEST
from doorbell_client.relay.room import Limits
from tests.doorbell_client.relay.camera import (
    BEARER,
    JPEG,
    TOKEN,
    Connection,
    ask,
    basic,
    chunked,
    digest,
    request,
)
from tests.doorbell_client.relay.living import DRIVE, SHORT, Living, alive

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.doorbell_client.relay.fake_cloud import FakeCloud

CLIP = bytes(random.Random(1).randbytes(300_000))


def scene(
    cloud: FakeCloud,
    folder: Path,
    play: Callable[[Living], Awaitable[None]],
    limits: Limits = Limits(),  # noqa: B008 - immutable
    admission: Admission = SHORT.admission,
) -> None:
    """Let it play with a relay that is alive."""

    async def played() -> None:
        timing = SHORT._replace(admission=admission)
        async with (
            cloud.running(),
            alive(cloud, folder / "relay", limits=limits, timing=timing) as relay,
        ):
            await asyncio.wait_for(play(relay), 30)

    asyncio.run(played())
    assert cloud.wrongs == []


async def arrived(cloud: FakeCloud, relay: Living, *bodies: bytes) -> None:
    """These are in the cloud, each once, and nothing is left here."""
    await relay.until(lambda: len(cloud.objects) >= len(bodies) and not relay.left())
    digests = [hashlib.sha256(body).hexdigest() for body in bodies]
    assert sorted(cloud.contents().elements()) == sorted(digests)


# --- what is taken ----------------------------------------------------------------------------


def test_the_test_button_of_a_camera_is_answered_without_a_token(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        for target in ("/", "/camera", "/?accessToken=wrong"):
            get = request(method="GET", target=target, body=b"", headers={})
            answer = await ask(relay.port, get, "GET")
            assert (answer.status, answer.one("content-type")) == (200, "text/plain; charset=utf-8")
        head = await ask(relay.port, request(method="HEAD", body=b"", headers={}), "HEAD")
        assert head.status == 200

    scene(cloud, tmp_path, play)


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("kind", ["image/jpeg", "video/mp4", "video/x-matroska"])
@pytest.mark.parametrize("pieces", [None, [CLIP[:7], CLIP[7:200_000], CLIP[200_000:]]])
def test_pictures_and_clips_arrive_byte_for_byte(
    cloud: FakeCloud, tmp_path: Path, method: str, kind: str, pieces: list[bytes] | None
) -> None:
    async def play(relay: Living) -> None:
        named = {**BEARER, "Content-Disposition": 'attachment; filename="../../27-a.bin"'}
        data = request(CLIP, method=method, kind=kind, pieces=pieces, headers=named)
        answer = await ask(relay.port, data)
        assert answer.status == 201
        await arrived(cloud, relay, CLIP)
        (stored,) = cloud.objects.values()
        assert (stored.camera, stored.name, stored.type) == ("garden", "27-a.bin", kind)
        assert stored.size == len(CLIP)

    scene(cloud, tmp_path, play)


@pytest.mark.parametrize("kind", ["IMAGE/JPEG", "image/jpeg; q=1", "image/jpg", "image/pjpeg"])
def test_a_jpeg_may_be_called_what_cameras_call_it(
    cloud: FakeCloud, tmp_path: Path, kind: str
) -> None:
    async def play(relay: Living) -> None:
        assert (await ask(relay.port, request(kind=kind))).status == 201
        await arrived(cloud, relay, JPEG)
        assert {each.type for each in cloud.objects.values()} == {"image/jpeg"}

    scene(cloud, tmp_path, play)


def test_every_way_of_saying_who_one_is_works_over_the_wire(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        answer = await ask(relay.port, request(headers={}))
        assert answer.status == 401
        assert json.loads(answer.body)["type"] == "urn:doorbell:no_token"
        challenges = answer.headers["www-authenticate"]
        sent = [
            request(headers={}, target=f"/?accessToken={TOKEN}"),
            request(headers=BEARER),
            request(headers=basic("axis", "rosebud")),
            request(headers=basic("anybody", TOKEN)),
            request(headers=digest(challenges[0], "axis", "rosebud", nc="00000001")),
            request(headers=digest(challenges[1], "axis", "rosebud", nc="00000002")),
        ]
        for each in sent:
            assert (await ask(relay.port, each)).status == 201
        again = await ask(relay.port, sent[-1])
        assert again.status == 401
        assert "stale=true" in again.headers["www-authenticate"][0]
        await arrived(cloud, relay, *[JPEG] * len(sent))

    scene(cloud, tmp_path, play)


def test_a_camera_that_waits_for_permission_gets_it_or_hears_why_not(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        expect = {**BEARER, "Expect": "100-continue", "Content-Length": str(len(JPEG))}
        line = await Connection.to(relay.port)
        assert (await line.asked(request(b"", headers=expect))).status == 100
        assert (await line.asked(JPEG)).status == 201
        del expect["Authorization"]
        refused = await line.asked(request(b"", headers=expect))
        assert refused.status == 401
        assert refused.one("connection") == "close", "it may send the body, or not"
        await arrived(cloud, relay, JPEG)
        line.close()

    scene(cloud, tmp_path, play)


def test_a_connection_serves_many_files_also_when_they_come_at_once(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        line = await Connection.to(relay.port)
        bodies = [JPEG + bytes([number]) for number in range(5)]
        await line.send(b"".join(request(body) for body in bodies))
        assert [(await line.answer()).status for _ in bodies] == [201] * 5
        assert (await line.asked(request(headers={}))).status == 401
        assert (await line.asked(request())).status == 201
        await arrived(cloud, relay, *bodies, JPEG)
        line.close()

    scene(cloud, tmp_path, play)


def test_fifty_cameras_at_once_are_served(cloud: FakeCloud, tmp_path: Path) -> None:
    async def play(relay: Living) -> None:
        bodies = [CLIP[number:] for number in range(50)]
        answers = await asyncio.gather(
            *(ask(relay.port, request(each, kind="video/mp4")) for each in bodies)
        )
        assert [answer.status for answer in answers] == [201] * 50
        await arrived(cloud, relay, *bodies)

    scene(cloud, tmp_path, play)


def test_two_cameras_with_one_name_for_one_picture_have_two(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        named = {"Content-Disposition": 'attachment; filename="image.jpg"'}
        for token in (TOKEN, DRIVE.token):
            headers = {**named, "Authorization": f"Bearer {token}"}
            assert (await ask(relay.port, request(headers=headers))).status == 201
        await arrived(cloud, relay, JPEG, JPEG)
        assert {each.camera for each in cloud.objects.values()} == {"garden", "drive"}

    scene(cloud, tmp_path, play)


@pytest.mark.parametrize(
    ("disposition", "target", "name"),
    [
        ('attachment; filename="..\\..\\Windows\\a.jpg"', "/", "a.jpg"),
        ("attachment; filename=" + "n" * 300 + ".jpg", "/", "n" * 200),
        ('attachment; filename="Gärtner ☃.jpg"', "/", "Gärtner ☃.jpg"),
        ("attachment; filename*=UTF-8''%E2%98%83.jpg", "/", "☃.jpg"),
        (None, "/../../etc/passwd", "passwd"),
        (None, "//evil//b.jpg", "b.jpg"),
    ],
)
def test_a_name_is_only_a_name(
    cloud: FakeCloud, tmp_path: Path, disposition: str | None, target: str, name: str
) -> None:
    async def play(relay: Living) -> None:
        more = {"Content-Disposition": disposition} if disposition else {}
        data = request(headers={**BEARER, **more}, target=target, method="PUT")
        assert (await ask(relay.port, data)).status == 201
        await arrived(cloud, relay, JPEG)
        assert [each.name for each in cloud.objects.values()] == [name]

    scene(cloud, tmp_path, play)
    assert {each.name for each in (tmp_path / "relay").iterdir()} <= {"lock", "troubles"}


# --- what is refused --------------------------------------------------------------------------

HEAD = (
    f"POST / HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: image/jpeg\r\n"
)


@pytest.mark.parametrize(
    ("data", "status", "name"),
    [
        (HEAD + "\r\n", 411, "no_length"),
        (HEAD + "Content-Length: -1\r\n\r\n", 400, "bad_request"),
        (HEAD + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400, "bad_request"),
        (HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "two_lengths"),
        (HEAD + "Transfer-Encoding: gzip\r\n\r\n", 501, "not_implemented"),
        (HEAD + "Content-Length: 0\r\n\r\n", 400, "empty"),
        (HEAD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "empty"),
        (HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab", 400, "bad_request"),
        (HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", 400, "bad_request"),
        (HEAD + f"Content-Length: {LARGEST['picture'] + 1}\r\n\r\n", 413, "too_large"),
        (HEAD.replace("image/jpeg", "image/png") + "Content-Length: 1\r\n\r\na", 415, "wrong_type"),
        (HEAD.replace("Content-Type", "Kind") + "Content-Length: 1\r\n\r\na", 415, "wrong_type"),
        (HEAD + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", 415, "wrong_type"),
        (HEAD.replace("POST", "DELETE") + "Content-Length: 0\r\n\r\n", 405, "wrong_method"),
        (HEAD.replace("POST /", "GET /clip") + "\r\n", 404, "not_found"),
        ("nonsense\r\n\r\n", 400, "bad_request"),
        ("POST / HTTP/1.1\r\nHost: r\r\n" + "X: " + "y" * 20_000, 431, None),
        (HEAD.replace("Bearer", "Token") + "Content-Length: 5\r\n\r\nhello", 401, "no_token"),
    ],
)
def test_what_is_wrong_is_named_and_not_kept(
    cloud: FakeCloud, tmp_path: Path, data: str, status: int, name: str | None
) -> None:
    async def play(relay: Living) -> None:
        answer = await ask(relay.port, data.encode())
        assert answer.status == status
        assert answer.one("content-type") == "application/problem+json"
        problem = json.loads(answer.body)
        assert problem["status"] == status
        assert problem["title"]
        if name:
            assert (problem["name"], problem["type"]) == (name, f"urn:doorbell:{name}")
        if status == 413:
            assert str(LARGEST["picture"]) in problem["title"]
        assert relay.left() == []

    scene(cloud, tmp_path, play)
    assert cloud.objects == {}


def test_what_is_too_large_and_does_not_say_so_is_refused_when_it_is(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        piece = bytes(1_000_000)
        answer = await ask(relay.port, request(pieces=[piece] * 21))
        assert answer.status == 413
        assert relay.left() == []

    scene(cloud, tmp_path, play)


@pytest.mark.parametrize("pieces", [None, [JPEG[:100], JPEG[100:]]])
def test_half_a_body_is_no_file(
    cloud: FakeCloud, tmp_path: Path, pieces: list[bytes] | None
) -> None:
    async def play(relay: Living) -> None:
        for cut in (1, 100, len(JPEG) - 1):
            data = request(pieces=pieces)
            line = await Connection.to(relay.port)
            await line.send(data[: -len(JPEG) + cut])
            line.writer.write_eof()
            answer = await line.answer()
            assert (answer.status, json.loads(answer.body)["name"]) == (400, "incomplete")
            gone = await Connection.to(relay.port)
            await gone.send(data[: -len(JPEG) + cut])
            gone.close()
        await relay.until(lambda: not relay.left())
        assert relay.of(Received) == []

    scene(cloud, tmp_path, play)
    assert cloud.objects == {}


def test_a_length_that_is_too_short_keeps_what_it_says_and_takes_the_rest_for_nonsense(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        line = await Connection.to(relay.port)
        data = request(headers={**BEARER, "Content-Length": "100"})
        assert (await line.asked(data)).status == 201
        assert (await line.answer()).status in (400, 408)
        assert await line.ended()
        await arrived(cloud, relay, JPEG[:100])

    scene(cloud, tmp_path, play)


def test_slow_ones_are_let_go_at_every_stage(cloud: FakeCloud, tmp_path: Path) -> None:
    async def slowly(relay: Living, data: bytes, at_once: int) -> int | None:
        """The status it gets for sending a byte every 50 ms; None: it is hung up on."""
        line = await Connection.to(relay.port)
        await line.send(data[:at_once])
        answered = asyncio.create_task(line.answer())
        for at in range(at_once, len(data)):
            if answered.done():
                break
            line.writer.write(data[at : at + 1])
            await asyncio.sleep(0.05)
        try:
            return (await answered).status
        except asyncio.IncompleteReadError:
            return None
        finally:
            line.close()

    async def play(relay: Living) -> None:
        data = request()
        assert await slowly(relay, data, 5) == 408
        assert await slowly(relay, data, len(data) - 500) == 408
        assert await slowly(relay, b" " * 10, 0) in (None, 400)
        silent = await Connection.to(relay.port)
        assert await silent.ended()
        assert relay.left() == []
        assert (await ask(relay.port, data)).status == 201

    scene(cloud, tmp_path, play)


def test_a_body_that_is_long_and_refused_is_listened_to_until_the_camera_has_heard(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        line = await Connection.to(relay.port)
        big = request(bytes(3_000_000), kind="video/mp4", headers={})
        answer = await line.asked(big)
        assert answer.status == 401
        assert answer.one("connection") == "close"
        assert await line.ended()

    scene(cloud, tmp_path, play)


def test_more_connections_than_are_allowed_are_told_to_come_later(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        lines = [await Connection.to(relay.port) for _ in range(3)]
        for line in lines:
            assert (await line.asked(request())).status == 201
        answer = await (await Connection.to(relay.port)).answer()
        assert (answer.status, answer.one("retry-after")) == (503, "5")
        lines[0].close()
        await relay.until(lambda: True)
        while (late := await Connection.to(relay.port)) is not None:
            try:
                assert (await late.asked(request())).status == 201
                break
            except (AssertionError, ConnectionError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.02)
        for line in lines:
            line.close()

    scene(cloud, tmp_path, play, admission=Admission(connections=3))


def test_what_finds_no_room_is_refused_before_it_is_sent_and_told_on_the_phones(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        expect = {**BEARER, "Expect": "100-continue", "Content-Length": "2000000"}
        answer = await ask(relay.port, request(b"", headers=expect))
        assert (answer.status, json.loads(answer.body)["name"]) == (507, "no_room")
        answer = await ask(relay.port, request(pieces=[bytes(500_000)] * 3, kind="video/mp4"))
        assert answer.status == 507
        assert relay.left() == []
        await relay.until(lambda: sum(each.dropped for each in cloud.troubles) == 2)
        assert {(each.camera, each.what) for each in cloud.troubles} == {("garden", "disk_full")}
        assert (await ask(relay.port, request())).status == 201
        await arrived(cloud, relay, JPEG)

    scene(cloud, tmp_path, play, limits=Limits(most=1_100_000, spare=0))


def test_a_wrong_password_is_answered_late_and_told_here_without_it(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        began = asyncio.get_running_loop().time()
        assert (await ask(relay.port, request(headers=basic("axis", "rosebudd")))).status == 401
        assert asyncio.get_running_loop().time() - began >= 1
        (told,) = relay.of(Refused)
        assert told.who == "127.0.0.1"
        assert "rosebud" not in told.why

    scene(cloud, tmp_path, play)


def test_a_relay_that_stops_lets_a_body_end_and_gives_up_one_that_does_not(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        data = request()
        line, stuck = await Connection.to(relay.port), await Connection.to(relay.port)
        await line.send(data[:-10])
        await stuck.send(data[:-10])
        await relay.until(lambda: len(relay.left()) == 2)
        stopping = asyncio.create_task(relay.stop())
        await asyncio.sleep(0.05)
        assert (await line.asked(data[-10:])).status == 201
        await stopping
        assert await stuck.ended()
        assert len([name for name in relay.left() if name.endswith(".json")]) == 1
        assert not [name for name in relay.left() if name.endswith(".part")]

    cloud.fault = lambda step: "cut"
    scene(cloud, tmp_path, play)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(min_size=1, max_size=5000),
    cuts=st.lists(st.integers(1, 4999), max_size=8),
    sends=st.lists(st.integers(1, 6000), max_size=8),
)
def test_a_chunked_body_is_read_whatever_its_chunks_and_packets(
    cloud: FakeCloud, tmp_path: Path, body: bytes, cuts: list[int], sends: list[int]
) -> None:
    edges = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    pieces = [body[a:b] for a, b in itertools.pairwise(edges)]
    data = request(pieces=pieces, kind="video/mp4")
    assert chunked(pieces) in data

    async def play(relay: Living) -> None:
        line = await Connection.to(relay.port)
        ends = sorted({0, len(data), *(end for end in sends if end < len(data))})
        for a, b in itertools.pairwise(ends):
            await line.send(data[a:b])
            await asyncio.sleep(0)
        assert (await line.answer()).status == 201
        await arrived(cloud, relay, body)
        line.close()

    cloud.objects.clear()
    scene(cloud, tmp_path, play)
