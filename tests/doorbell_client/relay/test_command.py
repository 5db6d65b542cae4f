"""`doorbell relay` as it is typed: a process of its own, with a closed file of cameras."""

from __future__ import annotations

import asyncio
import hashlib
import random
from typing import TYPE_CHECKING

import pytest

from tests.doorbell_client.relay.camera import BEARER, JPEG, TOKEN, ask, basic, request
from tests.doorbell_client.relay.typed import Typed, typed
from tests.rtsp import RtspServer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doorbell_client.relay.fake_cloud import FakeCloud

CAMERAS = f'[garden]\ntoken = "{TOKEN}"\nuser = "axis"\npassword = "correct-horse"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "cameras.toml").write_text(CAMERAS)
    (tmp_path / "cameras.toml").chmod(0o600)
    file = tmp_path / "doorbell.toml"
    file.write_text('[relay]\nbind = "127.0.0.1"\nport = 0\nfolder = "relay"\n')
    return file


def test_what_a_camera_sends_is_in_the_cloud_and_sigterm_ends_it_in_peace(
    cloud: FakeCloud, config: Path
) -> None:
    async def scene() -> None:
        async with (
            cloud.running(),
            typed(config, DOORBELL_RELAY_RECIPIENT=cloud.recipient) as relay,
        ):
            port = await relay.port()
            named = {"Content-Disposition": 'attachment; filename="a.jpg"'}
            for who in (basic("axis", "correct-horse"), BEARER):
                assert (await ask(port, request(headers={**who, **named}))).status == 201
            await relay.says(r"(?s)garden: a\.jpg is in the cloud.*is in the cloud \(4\.0 kB\)")
            relay.process.terminate()
            assert await relay.ended() == 0
            for secret in (TOKEN, "correct-horse", "signature"):
                assert secret not in relay.said

    asyncio.run(scene())
    assert list(cloud.contents().values()) == [2]
    assert cloud.wrongs == []


def test_a_clip_of_forty_megabytes_survives_an_outage_byte_for_byte_and_memory_stays_flat(
    cloud: FakeCloud, config: Path
) -> None:
    body = random.Random(5).randbytes(40_000_000)
    cloud.part_size = 8 * 1024 * 1024

    async def scene() -> None:
        async with (
            cloud.running(),
            typed(config, DOORBELL_RELAY_RECIPIENT=cloud.recipient) as relay,
        ):
            port = await relay.port()
            await ask(port, request())
            await relay.says("is in the cloud")
            before = peak(relay)
            cut = asyncio.create_task(cut_after(2))
            pieces = [body[at : at + 999_999] for at in range(0, len(body), 999_999)]
            data = request(pieces=pieces, kind="video/x-matroska")
            assert (await ask(port, data)).status == 201
            await cut
            await relay.says(r"is in the cloud \(40 MB\)")
            assert peak(relay) - before < 16_000

    async def cut_after(parts: int) -> None:
        while cloud.steps["stored"] < 1 + parts:
            await asyncio.sleep(0.002)
        cloud.go_down()
        await asyncio.sleep(1)
        cloud.come_back()

    asyncio.run(scene())
    assert hashlib.sha256(body).hexdigest() in cloud.contents()
    assert cloud.wrongs == []
    # Parts that were there are not sent again; the one that was cut off may be.
    assert cloud.received <= len(body) + len(JPEG) + cloud.part_size


def peak(relay: Typed) -> int:
    """The most memory that it has had, in KB."""
    with open(f"/proc/{relay.process.pid}/status") as status:  # noqa: PTH123 - no path of ours
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def test_a_stream_that_was_fetched_until_kill_9_is_kept(cloud: FakeCloud, config: Path) -> None:
    with RtspServer() as server:
        cameras = f'[garden]\ntoken = "{TOKEN}"\nrtsp = "{server.url}"\n'

        async def scene() -> None:
            async with cloud.running():
                environment = {
                    "DOORBELL_RELAY_RECIPIENT": cloud.recipient,
                    "DOORBELL_CAMERAS": cameras,
                }
                async with typed(config, **environment) as relay:
                    await relay.says("its stream is fetched")
                    await asyncio.sleep(3)
                    relay.process.kill()
                    await relay.ended()
                async with typed(config, **environment) as relay:
                    await relay.says("stream is in the cloud")

        asyncio.run(scene())
    (stored,) = cloud.objects.values()
    assert (stored.camera, stored.name, stored.type) == ("garden", "stream", "video/x-matroska")
    assert stored.size > 10_000


@pytest.mark.parametrize(
    ("settings", "cameras", "says"),
    [
        ("", CAMERAS, "set `recipient`"),
        ('recipient = "http://door.example/"', CAMERAS, "expected an https:// URL"),
        ('recipient = "https://door.example/?accessToken=t"', CAMERAS, "without a token"),
        ('recipient = "https://door.example/"\nbind = "192.0.2.1"', CAMERAS, "set `bind` or"),
        ('recipient = "https://door.example/"', "[garden]\n", "expected a `token`"),
        ('recipient = "https://door.example/"', None, "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_one_sentence(
    tmp_path: Path, settings: str, cameras: str | None, says: str
) -> None:
    config = tmp_path / "doorbell.toml"
    config.write_text(f'[relay]\nfolder = "relay"\n{settings}\n')
    if cameras is not None:
        (tmp_path / "cameras.toml").write_text(cameras)
        (tmp_path / "cameras.toml").chmod(0o600)

    async def scene() -> None:
        async with typed(config) as relay:
            assert await relay.ended() == 1
            assert says in relay.said
            assert relay.said.count("\n") == 1
            assert "Traceback" not in relay.said

    asyncio.run(scene())


def test_a_second_relay_does_not_take_the_folder(cloud: FakeCloud, config: Path) -> None:
    async def scene() -> None:
        environment = {"DOORBELL_RELAY_RECIPIENT": cloud.recipient}
        async with cloud.running(), typed(config, **environment) as first:
            await first.port()
            async with typed(config, **environment) as second:
                assert await second.ended() == 1
                assert "uses the spool" in second.said

    asyncio.run(scene())
