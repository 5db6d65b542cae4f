"""What is wrong with a request is said, kept nowhere, and keeps nobody else waiting."""

from __future__ import annotations

import struct
import time
import uuid
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest

from doorbell.cameras.receiving import LARGEST
from local import cameras as listener
from tests.stories.cameras.camera import AXIS_NAME, Camera
from tests.wire import post, talk

if TYPE_CHECKING:
    from tests.stories.cameras.camera import Listener
    from tests.wire import Reply


def archive() -> bytes:
    """A real ZIP."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("payload.html", "<script>alert(1)</script>")
    return content.getvalue()


def bomb(photo: bytes) -> bytes:
    """A few kilobytes that say they are 65,000 pixels by 65,000."""
    at = photo.index(b"\xff\xc0") + 5
    return photo[:at] + struct.pack(">HH", 65_000, 65_000) + photo[at + 4 :]


def test_what_is_no_picture_is_refused_and_kept_nowhere(
    gate: Camera, photo: bytes, bus: Listener
) -> None:
    """The camera has a door: nothing of all this rings there."""
    wrong = [
        ((archive(), AXIS_NAME.replace("jpg", "jpeg")), {}, 415, "wrong_type"),
        ((bomb(photo),), {}, 400, "broken_picture"),
        ((photo[: len(photo) // 2],), {}, 400, "broken_picture"),
        ((b"",), {}, 400, "empty"),
        ((photo,), {"media": "image/png"}, 415, "wrong_type"),
        ((photo,), {"media": "multipart/form-data; boundary=x"}, 415, "wrong_type"),
        ((photo,), {"media": "video/mp4"}, 415, "wrong_type"),
        ((photo + b"\x00" * LARGEST,), {}, 413, "too_large"),
        ((b"\xff\xd8" + b"\x00" * 11_000_000,), {}, 413, "too_large"),
    ]
    for given, request, status, name in wrong:
        reply = gate.send(*given, **request)  # type: ignore[arg-type]
        assert (reply.status, reply.json["name"]) == (status, name)
        assert reply.headers["content-type"] == "application/problem+json"
        if name == "too_large":
            assert str(LARGEST) in reply.json["title"]
    assert gate.kept() == gate.kept("clips") == gate.kept("guest") == {}
    assert bus.all("RingPressed") == bus.all("PictureReceived") == []


def test_what_a_device_uploads_by_itself_and_is_no_picture_is_removed_and_told(
    gate: Camera, photo: bytes, bus: Listener
) -> None:
    """As a relay does with what it was given; the camera has a door, and none of it rings."""
    wrong = (archive(), bomb(photo), photo[: len(photo) // 2])
    for number, body in enumerate(wrong, start=1):
        asked = {
            "id": str(uuid.uuid4()),
            "kind": "picture",
            "type": "image/jpeg",
            "name": "image.jpeg",
            "taken_at": time.time(),
            "size": len(body),
        }
        link = gate.ask("/camera/uploads", asked).json["upload"]
        sent = httpx.put(link["url"], content=body, headers=link["headers"], trust_env=False)
        assert sent.status_code == 200
        while len(bus.all("CameraTrouble")) < number:
            time.sleep(0.05)
    assert gate.kept() == gate.kept("guest") == {}
    assert bus.all("RingPressed") == bus.all("PictureReceived") == []


def test_a_polyglot_is_kept_as_the_picture_it_is(camera: Camera, photo: bytes) -> None:
    """What stood behind the picture is gone."""
    assert camera.send(photo + archive()).status == 201
    assert list(camera.kept().values()) == [photo]


def test_no_length_is_no_picture(camera: Camera, photo: bytes) -> None:
    head = f"POST {camera.target} HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n\r\n"
    reply = talk(camera.url, head.encode() + photo)
    assert reply
    assert (reply.status, reply.json["name"]) == (400, "empty")
    assert camera.kept() == {}


def test_a_length_that_lies_is_found_out(camera: Camera, photo: bytes) -> None:
    """Too small: the picture is cut. Too large: it never ends, and nobody waits for ever."""
    reply = talk(camera.url, post(photo, target=camera.target, length=len(photo) - 1000))
    assert reply
    assert (reply.status, reply.json["name"]) == (400, "broken_picture")
    longer = post(photo, target=camera.target, length=len(photo) + 1000)
    assert _is_given_up(talk(camera.url, longer, hang_up=True))
    assert camera.kept() == {}


def test_half_a_body_is_kept_nowhere_and_a_slow_one_is_hung_up_on(
    camera: Camera, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "BODY_SECONDS", 1.0)
    request = post(photo, target=camera.target)
    half = request[: len(request) - len(photo) // 2]
    assert _is_given_up(talk(camera.url, half, hang_up=True))
    slow = talk(camera.url, half, *[b"x"] * 40, pause=0.05)
    assert slow
    assert (slow.status, slow.json["name"]) == (408, "too_slow")
    assert camera.kept() == {}
    began = time.monotonic()
    assert camera.send(photo).status == 201
    assert time.monotonic() - began < 10, "and others are served meanwhile"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="../../residents/home/eileen/me.jpeg"', "me"),
        ('attachment; filename="..\\\\..\\\\guest\\\\x.jpg"', "x"),
        ('attachment; filename="/etc/passwd"', "passwd"),
        ('attachment; filename="%2e%2e%2fx.jpg"', "2e-2e-2fx"),
        ('attachment; filename="Küche Tür.jpg"', "Kuche-Tur"),
        ("attachment; filename*=UTF-8''%E2%82%AC%20rates.jpg", "rates"),
        (r'attachment; filename="a \"quoted\" name.jpg"', "a-quoted-name"),
        ('attachment; filename="' + "n" * 300 + '.jpg"', "n" * 64),
        ('attachment; filename="двери.jpg"', "picture"),
        ("attachment", "picture"),
    ],
)
def test_no_file_name_leads_out_of_the_camera_s_folder(
    camera: Camera, photo: bytes, disposition: str, name: str
) -> None:
    reply = camera.send(photo, f"Content-Disposition: {disposition}")
    assert reply.status == 201
    (key,) = camera.kept()
    folder, _, last = key.rpartition("/")
    assert folder.startswith(f"pictures/{camera.home.id}/axis/20")
    assert last[len("HHMMSS-mmm-") :] == f"{name}.jpeg"


def test_other_paths_and_methods_are_refused(camera: Camera) -> None:
    for target, method, status in [
        ("/elsewhere", "POST", 404),
        ("/camera/elsewhere", "POST", 404),
        ("/camera/uploads", "GET", 405),
        ("/", "DELETE", 405),
        ("/../" + camera.home.stack.bucket, "GET", 404),
    ]:
        reply = talk(camera.url, post(b"", method=method, target=target))
        assert reply
        assert reply.status == status, target


def _is_given_up(reply: Reply | None) -> bool:
    """Whoever breaks off is told 400 if the line still takes it."""
    return reply is None or reply.status == 400
