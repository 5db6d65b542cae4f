"""From `make add-camera` to the phone, step by step, as whoever has such a camera goes.

An Axis that sends pictures, an encoder that sends clips, a party camera, and stop motion by an
Arduino and by a Pi: each page of docs/cameras is walked here.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from doorbell_client.config.credentials import Credentials
from tests.arduino.test_stop_motion import send
from tests.doorbell_client.camera.test_kill import Camera as Living
from tests.doorbell_client.camera.test_kill import waiting
from tests.doorbell_client.relay.typed import typed
from tests.filmmaker.drawn import frames, gif, mp4
from tests.stories.cameras.camera import AXIS_NAME, clip, kept
from tests.stories.cameras.operator import Operator
from tests.wire import post, talk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.stories.cameras.camera import Listener
    from tests.stories.doorstep import Home

TEST_BUTTON = b"GET / HTTP/1.1\r\nHost: doorbell\r\nUser-Agent: Axis\r\nConnection: close\r\n\r\n"
"""What an Axis asks a recipient when somebody clicks on Test."""

MKV = "video/x-matroska"
LARGE = (15_000_000, 20_000_000)
"""Bytes of a clip of 45 and of 60 seconds at 2.7 Mbit/s."""


@pytest.fixture
def operator(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    """Somebody types, in this home."""
    return Operator(home, monkeypatch, capsys)


def shows(look: Callable[[], Any]) -> Any:
    """What the phone shows, as soon as it shows anything."""
    deadline = time.monotonic() + 20
    while not (seen := look()):
        assert time.monotonic() < deadline, "the phone shows nothing"
        time.sleep(0.1)
    return seen


def last_picture(home: Home, camera: str) -> bytes | None:
    """What the phone shows of this camera, the only one."""
    (shown,) = home.ask("/api/cameras")["cameras"]
    assert shown["name"] == camera
    if shown["picture"] is None:
        return None
    return httpx.get(shown["picture"]["url"], trust_env=False, timeout=30).content


def fetched(link: str, into: Path) -> Path:
    """What somebody gets who opens the link."""
    answer = httpx.get(link, trust_env=False, timeout=30)
    assert answer.status_code == 200
    into.write_bytes(answer.content)
    return into


def story(tell: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(tell(), 60))


def test_an_axis_sends_a_picture_every_minute(operator: Operator, tmp_path: Path) -> None:
    """Recipient, test button, rule; the last picture and a film of all of them on the phone; and
    at the end the token is nobody's.
    """
    page = operator.adds("Axis")
    tested = talk(page.url, TEST_BUTTON)
    assert tested
    assert tested.status == 200
    minutes = list(frames(range(3)))
    target = f"/?{page.parameters}"
    for picture in minutes:
        sent = talk(page.url, post(picture, AXIS_NAME, target=target))
        assert sent
        assert sent.status == 201

    assert shows(lambda: last_picture(operator.home, "Axis") == minutes[-1])

    links = operator.films("Axis")
    (film,) = shows(lambda: operator.home.ask("/api/cameras/axis/films")["films"])
    for link in (links[0], film["mp4"]):
        assert mp4(fetched(link, tmp_path / "film.mp4")).numbers == [0, 1, 2]
    for link in (links[1], film["gif"]):
        assert gif(fetched(link, tmp_path / "film.gif")).numbers == [0, 1, 2]

    operator.types("revoke", "Axis")
    refused = talk(page.url, post(minutes[0], AXIS_NAME, target=target))
    assert refused
    assert refused.status == 403
    assert operator.home.ask("/api/cameras")["cameras"] == []


def test_an_encoder_sends_clips_of_fifteen_seconds_and_of_a_minute(
    operator: Operator, bus: Listener, tmp_path: Path
) -> None:
    """The short one by itself. The API is too small for the long ones and says so; by the relay
    they arrive, all of them and byte for byte, with user and password left empty.
    """
    camera = operator.camera("Encoder")
    short = clip("matroska", 12)
    long = [short + bytes([n]) * (size - len(short)) for n, size in enumerate(LARGE)]
    assert camera.send(short, media=MKV).status == 201
    refused = camera.send(long[0], media=MKV)
    assert (refused.status, refused.json["name"]) == (413, "too_large")

    config = tmp_path / "doorbell.toml"
    config.write_text('[relay]\nbind = "127.0.0.1"\nport = 0\nfolder = "relay"\n')
    cameras = f'[encoder]\ntoken = "{camera.token}"\n'

    async def tell() -> None:
        environment = {"DOORBELL_RELAY_RECIPIENT": camera.url, "DOORBELL_CAMERAS": cameras}
        async with typed(config, **environment) as relay:
            url = f"http://127.0.0.1:{await relay.port()}/"
            tested = await asyncio.to_thread(talk, url, TEST_BUTTON)
            assert tested
            assert tested.status == 200
            for number, (each, method) in enumerate(zip(long, ("POST", "PUT"), strict=True)):
                name = f'Content-Disposition: attachment; filename="clip {number}.mkv"'
                request = post(each, name, target=camera.target, media=MKV, method=method)
                reply = await asyncio.to_thread(talk, url, request)
                assert reply
                assert reply.status == 201
            for number in range(len(long)):
                await relay.says(rf"clip {number}\.mkv is in the cloud")

    story(tell)
    found = camera.kept("clips")
    assert sorted(found.values(), key=len) == [short, *long]
    for key in found:
        assert bus.hear("PictureReceived", key=key)["kind"] == "clip"


def test_a_press_on_a_party_camera_is_a_film_and_leaves_the_device(
    operator: Operator, bus: Listener, tmp_path: Path
) -> None:
    """Button, burst, film; shown forwards and then backwards, as parties are."""
    camera = operator.camera("Party")

    async def tell() -> None:
        stills(tmp_path)
        living = await Living.start("gifcam", tmp_path, Credentials(camera.url, camera.token))
        await living.until("ready")
        living.press()
        await living.until("the film is kept")
        while waiting(tmp_path):
            await asyncio.sleep(0.05)
        assert await living.stop() == 0

    story(tell)
    [(key, burst)] = camera.kept("bursts").items()
    assert re.fullmatch(rf"bursts/{camera.home.id}/{camera.id}/\d{{4}}/.*\.mjpeg", key)
    assert burst.count(b"\xff\xd8\xff") == 4
    assert burst.endswith(b"\xff\xd9")
    made = bus.hear("FilmMade", film="party", camera=camera.id)
    assert (made["frames"], made["skipped"]) == (4, 0)
    films = kept(camera.home.stack, f"films/{camera.home.id}/{camera.id}/")
    assert set(films) == {made["gif"], made["mp4"]}
    (tmp_path / "film.mp4").write_bytes(films[made["mp4"]])
    assert mp4(tmp_path / "film.mp4").numbers == [0, 1, 2, 3, 2, 1]
    (film,) = shows(lambda: camera.home.ask("/api/cameras/party/films")["films"])
    assert fetched(film["mp4"], tmp_path / "shown.mp4").read_bytes() == films[made["mp4"]]


def test_an_arduino_s_pictures_become_a_film(operator: Operator, tmp_path: Path) -> None:
    """What our sketch sends; and what the sketch of others sends, whose first byte is lost."""
    camera = operator.camera("Garden")
    pictures = list(frames(range(4)))
    for picture in pictures[:3]:
        sent = send(tmp_path, b"\x00" + picture + bytes(5), len(picture) + 5)
        wire = sent.wire.replace(b"home.garden.secret", camera.token.encode())
        reply = talk(camera.url, wire)
        assert reply
        assert reply.status == 201
    lost = pictures[3][1:] + bytes(5)
    reply = talk(camera.url, post(lost, target=f"/S3StoreImage{camera.target[1:]}"))
    assert reply
    assert reply.status == 404, "the address has a path of its own"
    assert camera.send(lost).status == 201
    assert list(camera.kept().values()) == pictures
    links = operator.films("Garden")
    assert mp4(fetched(links[0], tmp_path / "film.mp4")).numbers == [0, 1, 2, 3]
    assert len(shows(lambda: camera.home.ask("/api/cameras/garden/films")["films"])) == 1


def test_a_pi_s_pictures_become_a_film_in_the_order_of_their_moments(
    operator: Operator, tmp_path: Path
) -> None:
    camera = operator.camera("Yard")

    async def tell() -> None:
        stills(tmp_path)
        living = await Living.start("timelapse", tmp_path, Credentials(camera.url, camera.token))
        while living.count("is delivered") < 2:
            await asyncio.sleep(0.05)
        await living.kill()

    story(tell)
    found = camera.kept()
    assert len(found) >= 2
    assert all(re.search(r"-timelapse-[0-9a-f]{12}\.jpeg$", key) for key in found)
    links = operator.films("Yard")
    numbers = mp4(fetched(links[0], tmp_path / "film.mp4")).numbers
    assert numbers == [number % 4 for number in range(numbers[0], numbers[0] + len(found))]


def stills(folder: Path) -> None:
    """What the device's camera sees, one picture after another."""
    (folder / "stills").mkdir()
    for number, picture in enumerate(frames(range(4), (960, 720))):
        (folder / "stills" / f"{number}.jpeg").write_bytes(picture)
