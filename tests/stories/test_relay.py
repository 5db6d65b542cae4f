"""A relay between a home's cameras and a real stack: clips of any length, kills, rings, streams."""

from __future__ import annotations

import asyncio
import os
import signal
from io import BytesIO
from typing import TYPE_CHECKING

import av
import pytest

from demo.people import Person
from doorbell.protocol import RingThrough
from doorbell_client.commands.checks.finding import Grade, Setup
from doorbell_client.commands.checks.relay import check_cloud, check_tokens
from doorbell_client.config.cameras import Camera as Known
from doorbell_client.config.schema import Config, Relay
from doorbell_client.errors import ConfigError
from tests.doorbell_client.relay.camera import BEARER, ask, digest, request
from tests.doorbell_client.relay.typed import Typed, typed
from tests.rtsp import RtspServer
from tests.stories.cameras.camera import Camera, Listener

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from demo.device import Device
    from doorbell_client.config.credentials import Credentials
    from tests.stories.doorstep import Home, PhotoOf


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "doorbell.toml"
    file.write_text('[relay]\nbind = "127.0.0.1"\nport = 0\nfolder = "relay"\n')
    return file


def relay_for(
    config: Path, camera: Camera, more: str = "", **environment: str
) -> AbstractAsyncContextManager[Typed]:
    """`doorbell relay` for one camera, which has a user and a password of its own."""
    cameras = f'[axis]\ntoken = "{camera.token}"\nuser = "axis"\npassword = "rosebud"\n{more}'
    return typed(
        config, DOORBELL_RELAY_RECIPIENT=camera.url, DOORBELL_CAMERAS=cameras, **environment
    )


def story(tell: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(tell(), 60))


async def posted(relay: Typed, body: bytes, kind: str, name: str, *, chunked: bool) -> None:
    """As a camera does that knows Digest in MD5 alone."""
    port = await relay.port()
    challenges = (await ask(port, request(b"x", headers={}))).headers["www-authenticate"]
    md5 = next(each for each in challenges if "algorithm=MD5" in each)
    headers = {
        **digest(md5, "axis", "rosebud"),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    pieces = [body[at : at + 500_000] for at in range(0, len(body), 500_000)]
    data = request(body, kind=kind, headers=headers, pieces=pieces if chunked else None)
    assert (await ask(port, data)).status == 201


def test_a_clip_of_many_parts_whose_relay_is_killed_is_in_the_bucket_once_byte_for_byte(
    home: Home, config: Path
) -> None:
    camera, bus = Camera.new(home, "Axis"), Listener(home.stack, home.id)
    clip = os.urandom(40_000_000)

    async def tell() -> None:
        async with relay_for(config, camera) as relay:
            await posted(relay, clip, "video/x-matroska", "garden 7.mkv", chunked=True)
            await parts_are_up(config.parent / "relay")
            relay.process.send_signal(signal.SIGKILL)
            await relay.ended()
        async with relay_for(config, camera) as relay:
            await relay.says(r"garden 7\.mkv is in the cloud \(40 MB\)")
            relay.process.terminate()
            assert await relay.ended() == 0
            assert camera.token not in relay.said

    story(tell)
    ((key, content),) = camera.kept("clips").items()
    assert key.startswith(f"clips/{home.id}/axis/")
    assert "-garden-7-" in key
    assert content == clip
    told = bus.hear("PictureReceived", kind="clip")
    assert told["key"] == key
    assert [file.name for file in (config.parent / "relay").glob("*-*")] == []


async def parts_are_up(folder: Path) -> None:
    """Until some parts are in the bucket, and not yet all."""
    while not any(b'"1":' in file.read_bytes() for file in folder.glob("*.upload")):
        assert any(folder.glob("*.json")), "it was too quick to be killed"
        await asyncio.sleep(0.001)


def test_a_picture_that_comes_through_the_relay_rings_at_its_cameras_door(
    home: Home, door: Device, config: Path, photo_of: PhotoOf
) -> None:
    gate, photo = Camera.new(home, "Gate", door="Front door"), photo_of(Person.GRACE)

    async def tell() -> None:
        async with relay_for(config, gate) as relay:
            await posted(relay, photo, "image/jpeg", "gate.jpg", chunked=False)
            await relay.says(r"gate\.jpg is in the cloud")

    story(tell)
    assert list(gate.kept().values()) == [photo]
    assert door.hear(RingThrough).reason == "stranger"


def test_what_the_relay_cannot_keep_is_told_on_the_bus(home: Home, config: Path) -> None:
    camera, bus = Camera.new(home, "Axis"), Listener(home.stack, home.id)

    async def tell() -> None:
        async with relay_for(config, camera, DOORBELL_RELAY_MAX_BYTES="1000000") as relay:
            port = await relay.port()
            bearer = {**BEARER, "Authorization": f"Bearer {camera.token}"}
            data = request(bytes(2_000_000), kind="video/mp4", headers=bearer)
            assert (await ask(port, data)).status == 507
            told = await asyncio.to_thread(bus.hear, "CameraTrouble", what="disk_full")
            assert (told["camera"], told["dropped"]) == (camera.id, 1)

    story(tell)


def test_the_doctor_asks_the_real_cloud_for_every_token(home: Home, tmp_path: Path) -> None:
    known = Camera.new(home, "Axis")
    config = Config(relay=Relay(recipient=known.url))

    def asked(*tokens: str) -> Setup:
        cameras = [Known(f"camera {n}", each, "", each) for n, each in enumerate(tokens)]
        return Setup(config, no_token, tmp_path, device="relay", find_cameras=lambda: cameras)

    async def tell() -> None:
        assert (await check_cloud(config.relay)).grade is Grade.OK
        assert (await check_tokens(asked(known.token))).grade is Grade.OK
        found = await check_tokens(asked(known.token, home.phone, f"{known.token[:-1]}!"))
        assert found.grade is Grade.FAIL
        assert "camera 1, camera 2" in found.says

    story(tell)
    assert known.kept() == {}


def no_token() -> Credentials:
    raise ConfigError("A relay has none of its own.")


def test_a_stream_becomes_a_clip_in_the_bucket(home: Home, config: Path) -> None:
    camera = Camera.new(home, "Axis")
    with RtspServer() as server:

        async def tell() -> None:
            async with relay_for(config, camera, f'rtsp = "{server.url}"\n') as relay:
                await relay.says("its stream is fetched")
                await asyncio.sleep(2)
                relay.process.terminate()
                assert await relay.ended() == 0
            server.stop()
            async with relay_for(config, camera, f'rtsp = "{server.url}"\n') as relay:
                await relay.says("stream is in the cloud")

        story(tell)
    (content,) = camera.kept("clips").values()
    with av.open(BytesIO(content), "r") as film:
        assert len(list(film.decode(film.streams.video[0]))) >= 20
