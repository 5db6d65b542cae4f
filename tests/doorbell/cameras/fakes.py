"""Receiving in memory: a house of `tests.fakes`, a bucket that is a dictionary, real JPEGs."""

from __future__ import annotations

import base64
import functools
import hashlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st
from PIL import Image

from doorbell.cameras.model import Delivery, Part, Stored, UploadedPart
from doorbell.cameras.problems import Problem
from doorbell.cameras.services import Reception
from doorbell.errors import Conflict
from doorbell.protocol import Upload
from doorbell.settings import Settings
from functions.cameras.picture import check_picture
from tests.fakes import CAMERA, DOOR, EVERYBODY, FakeDevices, FakeRecords, FakeServices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from doorbell.model import Device

GATE: Final[Device] = CAMERA._replace(id="gate", name="Gate", door=DOOR.id)
"""A camera that rings at the front door. It has the secret of the plain one."""


class FakeCameras(FakeDevices):
    """`doorbell.cameras.ports.Cameras`."""

    def __init__(self) -> None:
        super().__init__()
        self.plain: set[tuple[str, str]] = set()

    def went_plain(self, home: str, device: str) -> bool:
        return (home, device) in self.plain

    def mark_plain(self, home: str, device: str) -> None:
        if (home, device) not in self.known:
            raise Conflict
        self.plain.add((home, device))


class FakeBucket:
    """`doorbell.cameras.ports.Objects` and `Uploads`."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str, dict[str, str]]] = {}
        self.checksums: dict[str, str] = {}
        self.begun: dict[str, str] = {}
        self.broken: dict[str, Exception] = {}
        """By the beginning of a key."""

    def put(self, key: str, content: bytes, media: str, facts: Mapping[str, str]) -> bool:
        for start, error in self.broken.items():
            if key.startswith(start):
                raise error
        if key in self.kept:
            return False
        self.kept[key] = (content, media, dict(facts))
        return True

    def replace(self, key: str, content: bytes, media: str, facts: Mapping[str, str]) -> None:
        self.kept[key] = (content, media, dict(facts))

    def remove(self, key: str) -> None:
        self.kept.pop(key, None)

    def read(self, key: str) -> bytes | None:
        return self.kept[key][0] if key in self.kept else None

    def find(self, key: str) -> Stored | None:
        if key not in self.kept:
            return None
        content, _, facts = self.kept[key]
        return Stored(len(content), facts, self.checksums.get(key))

    def link(self, key: str, media: str, size: int, expires_in: int) -> Upload:
        return Upload("PUT", f"https://put/{key}?{size}&{expires_in}", {"Content-Type": media})

    def begin(self, key: str, media: str) -> str:
        upload = f"upload-{len(self.begun) + 1}"
        self.begun[upload] = key
        return upload

    def link_part(self, key: str, upload: str, part: Part, expires_in: int) -> Upload:
        url = f"https://put/{key}?{upload}&{part.number}&{expires_in}"
        return Upload("PUT", url, {"x-amz-checksum-sha256": part.sha256})

    def complete(self, key: str, upload: str, parts: Sequence[UploadedPart]) -> None:
        if self.begun.pop(upload, None) != key or key in self.kept:
            raise Conflict
        if any(part.etag == "wrong" for part in parts):
            raise Problem("bad_part", "InvalidPart")
        self.kept[key] = (b"joined", "video/mp4", {})
        digests = b"".join(base64.b64decode(part.sha256) for part in parts)
        self.checksums[key] = f"{sha256(digests)}-{len(parts)}"

    @property
    def keys(self) -> list[str]:
        return sorted(self.kept)


class FakeReception:
    """What receiving works with, to be looked into."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.devices = FakeCameras()
        self.bucket = FakeBucket()
        self.house = FakeServices(settings or Settings(), devices=self.devices)
        for device in (*EVERYBODY, GATE):
            self.devices.add(device)

    @property
    def reception(self) -> Reception:
        return Reception(
            devices=self.devices,
            records=FakeRecords(self.house),
            rings=self.house.rings,
            objects=self.bucket,
            uploads=self.bucket,
            bus=self.house.bus,
            check_picture=check_picture,
            settings=self.house.settings,
            clock=self.house.clock,
        )


def sha256(content: bytes) -> str:
    """In base64, as S3 has it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@functools.cache
def picture(size: tuple[int, int] = (64, 48), **how: Any) -> bytes:
    """A JPEG of a gradient; `how` goes to Pillow."""
    content = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(content, "JPEG", **how)
    return content.getvalue()


def sent(body: bytes | None = None, name: str = "image.jpg", media: str = "image/jpeg") -> Delivery:
    """A picture as an Axis camera sends it."""
    disposition = f'attachment; filename="{name}"'
    return Delivery(media, picture() if body is None else body, disposition)


@st.composite
def jpegs(draw: Callable[[Any], Any]) -> bytes:
    """Whole JPEGs of all kinds: sizes, colours, progressive, with small pictures in their heads."""
    colours = draw(st.sampled_from(["RGB", "L", "CMYK"]))
    size = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    noise = draw(st.binary(min_size=1, max_size=64))
    length = size[0] * size[1] * len(colours)
    image = Image.frombytes(colours, size, (noise * length)[:length])
    given: dict[str, Any] = {
        "quality": draw(st.integers(1, 95)),
        "progressive": draw(st.booleans()),
        "optimize": draw(st.booleans()),
    }
    if draw(st.booleans()):
        given["comment"] = draw(st.binary(max_size=40)) + picture((8, 8))
    if draw(st.booleans()):
        given["exif"] = b"Exif\x00\x00" + picture((16, 16)) + draw(st.binary(max_size=40))
    content = BytesIO()
    image.save(content, "JPEG", **given)
    return content.getvalue()
