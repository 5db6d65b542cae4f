"""Each kind of camera, replayed byte for byte over raw sockets: what it sends is kept."""

from __future__ import annotations

import base64
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from operations import devices
from tests.stories.cameras.camera import AXIS_NAME, Camera, clip
from tests.wire import post, talk

if TYPE_CHECKING:
    from tests.stories.cameras.camera import Listener
    from tests.stories.doorstep import Home


# --- an Axis ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_button_that_tests_the_recipient_succeeds_without_a_token(
    camera: Camera, method: str
) -> None:
    request = (
        f"{method} / HTTP/1.1\r\nHost: doorbell\r\nUser-Agent: Axis\r\nAccept: */*\r\n"
        "Connection: close\r\n\r\n"
    )
    reply = talk(camera.url, request.encode())
    assert reply
    assert reply.status == 200


def test_an_axis_sends_every_minute_and_each_picture_is_kept_as_it_was_sent(
    camera: Camera, photo: bytes, bus: Listener
) -> None:
    began = time.time()
    first = camera.send(photo, AXIS_NAME)
    second = camera.send(photo, AXIS_NAME)
    assert (first.status, second.status) == (201, 201)
    kept = camera.kept()
    assert set(kept) == {first.json["key"], second.json["key"]}
    assert set(kept.values()) == {photo}
    pattern = (
        rf"pictures/{camera.home.id}/axis/\d{{4}}/\d\d/\d\d/\d{{6}}-\d{{3}}"
        r"-image26-11-20_10-00-00-67_00001\.jpeg"
    )
    for key in kept:
        assert re.fullmatch(pattern, key)
        told = bus.hear("PictureReceived", key=key)
        assert told["camera"] == camera.id
        assert told["kind"] == "picture"
        assert began - 1 <= told["at"] <= time.time() + 1
        assert "ring" not in told
    assert len(bus.all("PictureReceived")) == 2


def test_put_basic_and_bearer_serve_as_well(camera: Camera, photo: bytes) -> None:
    basic = base64.b64encode(f"root:{camera.token}".encode()).decode()
    for authorization in (f"Basic {basic}", f"Bearer {camera.token}"):
        request = post(photo, f"Authorization: {authorization}", AXIS_NAME, method="PUT")
        reply = talk(camera.url, request)
        assert reply
        assert reply.status == 201
    assert list(camera.kept().values()) == [photo, photo]


def test_a_camera_with_name_and_password_sends_them_when_it_is_asked(camera: Camera) -> None:
    reply = talk(camera.url, post(b"", AXIS_NAME))
    assert reply
    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("around", ["%20{}", "{}%20", "+{}", "%09{}%0D%0A"])
def test_a_pasted_token_may_have_white_space_around_it(
    camera: Camera, photo: bytes, around: str
) -> None:
    target = f"/?accessToken={around.format(camera.token)}"
    reply = talk(camera.url, post(photo, target=target))
    assert reply
    assert reply.status == 201


def test_a_camera_that_waits_for_100_continue_or_sends_in_chunks_is_served(
    camera: Camera, photo: bytes
) -> None:
    head = (
        f"POST {camera.target} HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (photo[:1000], photo[1000:])]
    reply = talk(camera.url, head.encode(), *chunks, b"0\r\n\r\n")
    assert reply
    assert reply.status == 201
    assert list(camera.kept().values()) == [photo]


# --- an Arduino ------------------------------------------------------------------------------


@pytest.mark.parametrize("line_ends", [0, 1])
def test_an_arduino_over_plain_http_loses_a_byte_and_sends_what_stood_in_its_buffer(
    gate: Camera, photo: bytes, bus: Listener, line_ends: int
) -> None:
    """In writes of 512 bytes, by the path that CloudFront takes plain HTTP for; what is kept is the
    original. The camera has a door, and does not ring there: the token went in plain.
    """
    sent = b"\r\n" * line_ends + photo[1:] + b"\x00\x17\x2a"
    request = post(
        sent,
        "Connection: close",
        "CloudFront-Forwarded-Proto: http",
        target=f"/camera?accessToken={gate.token}",
    )
    head, body = request[: -len(sent)], request[-len(sent) :]
    writes = [body[at : at + 512] for at in range(0, len(body), 512)]
    reply = talk(gate.url, head, *writes, pause=0.001)
    assert reply
    assert reply.status == 201
    assert list(gate.kept().values()) == [photo]
    # Nor later, over a line that nobody could listen at.
    assert gate.send(photo).status == 201
    bus.hear("PictureReceived", key=reply.json["key"])
    assert bus.all("RingPressed") == []


# --- clips --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "media", "ending"),
    [("matroska", "video/x-matroska", "mkv"), ("mp4", "video/mp4", "mp4")],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_short_clip_is_kept_byte_for_byte(
    gate: Camera, bus: Listener, kind: str, media: str, ending: str, method: str
) -> None:
    content = clip(kind)
    name = f'Content-Disposition: attachment; filename="20261120_100000.{ending}"'
    reply = gate.send(content, name, media=media, method=method)
    assert reply.status == 201
    assert gate.kept("clips") == {reply.json["key"]: content}
    assert reply.json["key"].endswith(f"-20261120_100000.{ending}")
    assert bus.hear("PictureReceived", kind="clip")["key"] == reply.json["key"]
    assert bus.all("RingPressed") == [], "a clip rings nowhere"


# --- many, and others --------------------------------------------------------------------------


def test_fifty_cameras_at_once_are_all_kept(home: Home, photo: bytes, bus: Listener) -> None:
    cameras = [Camera.new(home, f"Camera {number}") for number in range(50)]
    with ThreadPoolExecutor(50) as threads:
        replies = list(threads.map(lambda each: each.send(photo, AXIS_NAME), cameras))
    assert {reply.status for reply in replies} == {201}
    kept = cameras[0].kept()
    assert set(kept) == {reply.json["key"] for reply in replies}
    assert set(kept.values()) == {photo}
    for reply in replies:
        bus.hear("PictureReceived", key=reply.json["key"])


def test_one_camera_that_sends_twenty_at_once_loses_none(camera: Camera, photo: bytes) -> None:
    """The same name in the same moment: none is written over."""
    with ThreadPoolExecutor(20) as threads:
        replies = list(threads.map(lambda _: camera.send(photo, AXIS_NAME), range(20)))
    assert {reply.status for reply in replies} == {201}
    assert len(camera.kept()) == 20


def test_a_revoked_camera_is_refused_at_once(camera: Camera, photo: bytes) -> None:
    assert camera.send(photo).status == 201
    devices.revoke(camera.home.stack.deployed, "Axis", camera.home.id)
    assert camera.send(photo).status == 403
    assert len(camera.kept()) == 1


def test_no_token_but_a_camera_s_is_taken(camera: Camera, photo: bytes) -> None:
    home = camera.home
    _, name, secret = camera.token.split(".")
    tokens = {
        "": 403,
        home.door: 403,
        home.phone: 403,
        f"{home.id}.{name}.wrong": 403,
        f"elsewhere.{name}.{secret}": 403,
        f"{home.id}.elsewhere.{secret}": 403,
    }
    for token, status in tokens.items():
        reply = camera._replace(token=token).send(photo)
        assert (reply.status, reply.json["status"]) == (status, status)
    assert camera.kept() == {}
