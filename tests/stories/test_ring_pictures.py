"""What the door's camera sees after the photo lies beside it, whole, and is no second visitor."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

from demo.errors import DemoFailed
from demo.people import Person
from doorbell.protocol import Answer, Film, Ring, Ticket, Visitor
from tests.filmmaker.drawn import mp4
from tests.stories.doorstep import Home, PhotoOf, put

if TYPE_CHECKING:
    from pathlib import Path

    from demo.device import Device

FRAMES = 8
"""What a door takes unless it is told otherwise."""

JPEGS = re.compile(rb"\xff\xd8\xff.*?\xff\xd9(?=\xff\xd8\xff|$)", re.DOTALL)
"""Each ends where the next one begins, or the whole does."""


def rung(home: Home, photo: Path) -> subprocess.Popen[bytes]:
    """A real `doorbell ring` with this picture."""
    given = {"DOORBELL_CLOUD_URL": home.websocket, "DOORBELL_TOKEN": home.door}
    return subprocess.Popen(
        [sys.executable, "-m", "doorbell_client", "ring", "--photo", str(photo)],
        env={**os.environ, **given},
        stdout=subprocess.DEVNULL,
    )


def burst(home: Home, ring: str) -> bytes:
    """The object as it lies in the bucket."""
    s3, key = home.stack.aws.client("s3"), f"guest/{home.id}/{ring}/burst.mjpeg"
    return bytes(s3.get_object(Bucket=home.stack.bucket, Key=key)["Body"].read())


def test_a_ring_leaves_the_pictures_after_its_photo_as_whole_jpegs_and_the_phone_has_their_film(
    home: Home, phone: Device, photo_of: PhotoOf, tmp_path: Path
) -> None:
    picture = tmp_path / "grace.jpeg"
    picture.write_bytes(photo_of(Person.GRACE))
    door = rung(home, picture)
    try:
        visitor = phone.hear(Visitor)
        phone.send(Answer(visitor.ring, "decline"))
        assert door.wait(30) == 0, "it ends when the film is up, too"
    finally:
        door.kill()
    frames = JPEGS.findall(burst(home, visitor.ring))
    assert len(frames) == FRAMES
    for frame in frames:
        with Image.open(io.BytesIO(frame)) as image:
            image.load()
            assert image.width <= 640
    film = phone.hear(Film, within=30)
    assert film.ring == visitor.ring
    (tmp_path / "film.mp4").write_bytes(httpx.get(film.mp4, trust_env=False).content)
    assert len(mp4(tmp_path / "film.mp4").pictures) == FRAMES
    shown = home.ask(f"/api/rings/{visitor.ring}")["film"]
    assert httpx.get(shown["gif"], trust_env=False).content.startswith(b"GIF89a")
    with pytest.raises(DemoFailed):
        phone.hear(Visitor, within=0.5)


def test_the_ticket_for_the_pictures_serves_once_and_for_their_kind_alone(
    door: Device, home: Home
) -> None:
    door.send(Ring())
    ticket = door.hear(Ticket)
    assert ticket.burst is not None
    wrong = ticket.burst._replace(headers=ticket.upload.headers)
    assert put(wrong, b"\xff\xd8one\xff\xd9") == 403
    assert put(ticket.burst, b"\xff\xd8one\xff\xd9") == 200
    assert put(ticket.burst, b"\xff\xd8two\xff\xd9") == 412
    assert burst(home, ticket.ring) == b"\xff\xd8one\xff\xd9"
