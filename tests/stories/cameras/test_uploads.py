"""What a device uploads by itself, from begin to end, with the bucket's real API."""

from __future__ import annotations

import base64
import hashlib
import os
import time
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.stories.cameras.camera import Camera

if TYPE_CHECKING:
    from tests.stories.cameras.camera import Listener
    from tests.wire import Reply

PART = 8 * 1024 * 1024
MOMENT = 1_700_000_000.25


class Upload:
    """A relay with one clip: it knows its bytes, and what it was told."""

    def __init__(self, camera: Camera, content: bytes) -> None:
        self.camera = camera
        self.id = str(uuid.uuid4())
        self.content = content
        self.parts = [content[at : at + PART] for at in range(0, len(content), PART)]
        self.key = self.upload = ""
        self.etags: dict[int, str] = {}

    def begin(self) -> Reply:
        """Ask where to."""
        asked = {
            "id": self.id,
            "kind": "clip",
            "type": "video/mp4",
            "name": "Gate 1.mp4",
            "taken_at": MOMENT,
            "size": len(self.content),
        }
        reply = self.camera.ask("/camera/uploads", asked)
        if reply.status == 201:
            self.key, self.upload = reply.json["key"], reply.json["upload"]
            assert reply.json["part_size"] == PART
        return reply

    def sign(self, *numbers: int) -> list[dict[str, Any]]:
        """Ask for URLs of these parts."""
        parts = [
            {
                "number": number,
                "size": len(self.parts[number - 1]),
                "sha256": checksum(self.parts[number - 1]),
            }
            for number in numbers
        ]
        asked = {"key": self.key, "upload": self.upload, "parts": parts}
        signed: list[dict[str, Any]] = self.camera.ask("/camera/uploads/parts", asked).json["parts"]
        return signed

    def put(self, *numbers: int) -> None:
        """Upload these parts."""
        for link in self.sign(*numbers):
            answer = put(link, self.parts[link["number"] - 1])
            assert answer.status_code == 200
            self.etags[link["number"]] = answer.headers["etag"]

    def complete(self) -> Reply:
        """Say that all is there."""
        parts = [
            {"number": number, "etag": etag, "sha256": checksum(self.parts[number - 1])}
            for number, etag in sorted(self.etags.items())
        ]
        asked = {"key": self.key, "upload": self.upload, "parts": parts}
        return self.camera.ask("/camera/uploads/complete", asked)


@pytest.fixture
def clip(camera: Camera) -> Upload:
    """Two parts and a bit, of no kind that anything could compress."""
    return Upload(camera, os.urandom(2 * PART + 12_345))


def checksum(content: bytes) -> str:
    """SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def put(link: dict[str, Any], content: bytes) -> httpx.Response:
    """As the answer says: method, URL and headers, and nothing else."""
    return httpx.request(
        link["method"], link["url"], headers=link["headers"], content=content, trust_env=False
    )


def test_a_long_clip_goes_up_in_parts_and_is_there_byte_for_byte(
    clip: Upload, bus: Listener
) -> None:
    assert clip.begin().status == 201
    clip.put(1, 2, 3)
    done = clip.complete()
    assert (done.status, done.json) == (200, {"key": clip.key, "size": len(clip.content)})
    assert clip.camera.kept("clips") == {clip.key: clip.content}
    assert clip.key.startswith(f"clips/{clip.camera.home.id}/axis/2023/11/14/221320-250-Gate-1-")
    told = bus.hear("PictureReceived", kind="clip")
    assert (told["key"], told["at"]) == (clip.key, MOMENT)

    again = clip.complete()
    assert (again.status, again.json) == (200, done.json), "the first answer may have been lost"
    begun = clip.begin()
    assert (begun.status, begun.json) == (200, {"key": clip.key, "done": True})
    time.sleep(0.3)
    assert len(bus.all("PictureReceived")) == 1


def test_an_upload_that_broke_off_goes_on_where_it_was(clip: Upload) -> None:
    """With URLs asked for anew; a part that is sent twice is there once."""
    clip.begin()
    clip.put(2)
    resumed = Upload(clip.camera, clip.content)
    resumed.id, resumed.key, resumed.upload = clip.id, clip.key, clip.upload
    resumed.etags = dict(clip.etags)
    resumed.put(3, 1, 2)
    assert resumed.complete().status == 200
    assert clip.camera.kept("clips") == {clip.key: clip.content}


def test_a_part_that_was_changed_on_its_way_is_not_taken(clip: Upload) -> None:
    clip.begin()
    (link,) = clip.sign(1)
    changed = b"x" + clip.parts[0][1:]
    assert put(link, changed).status_code == 400
    assert put(link | {"headers": {}}, clip.parts[0]).status_code == 403
    other = {"x-amz-checksum-sha256": checksum(changed)}
    assert put(link | {"headers": other}, changed).status_code == 403
    assert put(link, clip.parts[0]).status_code == 200


def test_what_is_not_all_there_is_not_confirmed(clip: Upload) -> None:
    clip.begin()
    clip.put(1, 2)
    clip.etags[3] = '"never"'
    refused = clip.complete()
    assert (refused.status, refused.json["name"]) == (400, "bad_part")
    assert clip.camera.kept("clips") == {}
    clip.put(3)
    assert clip.complete().status == 200


def test_an_upload_that_s3_knows_no_more_is_begun_again(clip: Upload) -> None:
    """As after a day without a line, when half an upload is swept away."""
    clip.begin()
    clip.put(1, 2, 3)
    stack = clip.camera.home.stack
    s3 = stack.aws.client("s3")
    s3.abort_multipart_upload(Bucket=stack.bucket, Key=clip.key, UploadId=clip.upload)
    lost = clip.complete()
    assert (lost.status, lost.json["name"]) == (409, "lost_upload")
    key = clip.key
    assert clip.begin().status == 201
    assert clip.key == key
    clip.put(1, 2, 3)
    assert clip.complete().status == 200


def test_two_uploads_of_one_clip_end_as_one_object(clip: Upload, bus: Listener) -> None:
    """A device that forgot it had begun: the second is confirmed by what the first has put."""
    other = Upload(clip.camera, clip.content)
    other.id = clip.id
    for each in (clip, other):
        each.begin()
        each.put(1, 2, 3)
    assert clip.upload != other.upload
    assert clip.complete().status == 200
    assert other.complete().status == 200
    assert list(clip.camera.kept("clips")) == [clip.key]
    bus.hear("PictureReceived", key=clip.key)
    assert len(bus.all("PictureReceived")) == 1


@pytest.mark.parametrize(
    ("kind", "media", "folder"),
    [("picture", "image/jpeg", "pictures"), ("burst", "application/x-mjpeg", "bursts")],
)
def test_a_picture_or_a_burst_goes_up_by_one_url_that_serves_once(
    camera: Camera, photo: bytes, bus: Listener, kind: str, media: str, folder: str
) -> None:
    asked = {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "type": media,
        "name": "party",
        "taken_at": MOMENT,
        "size": len(photo),
    }
    begun = camera.ask("/camera/uploads", asked)
    assert begun.status == 201
    link = begun.json["upload"]
    longer = link["headers"] | {"Content-Length": str(len(photo) + 4)}
    refused = put(link | {"headers": longer}, photo + b"more")
    assert refused.status_code == 403, "so many bytes and no others"
    assert put(link, photo).status_code == 200
    assert put(link, photo).status_code == 412, "it is there already"
    assert camera.kept(folder) == {begun.json["key"]: photo}
    told = bus.hear("PictureReceived", kind=kind)
    assert (told["key"], told["at"], told["camera"]) == (begun.json["key"], MOMENT, "axis")
    again = camera.ask("/camera/uploads", asked)
    assert again.json["key"] == begun.json["key"]


def test_a_foreign_camera_can_neither_go_on_nor_end_it(clip: Upload) -> None:
    clip.begin()
    clip.put(1, 2, 3)
    foreign = Upload(Camera.new(clip.camera.home, "Other"), clip.content)
    foreign.key, foreign.upload, foreign.etags = clip.key, clip.upload, clip.etags
    part = {"number": 1, "size": 1, "sha256": checksum(b"x")}
    asked = {"key": clip.key, "upload": clip.upload, "parts": [part]}
    for refused in (foreign.complete(), foreign.camera.ask("/camera/uploads/parts", asked)):
        assert (refused.status, refused.json["name"]) == (404, "not_found")
    assert clip.complete().status == 200


def test_trouble_reaches_the_bus(camera: Camera, bus: Listener) -> None:
    trouble = {"what": "disk_full", "since": MOMENT, "dropped": 3}
    reply = camera.ask("/camera/trouble", trouble)
    assert (reply.status, reply.body) == (204, b"")
    told = bus.hear("CameraTrouble")
    assert told == {"home": camera.home.id, "camera": camera.id, **trouble}
