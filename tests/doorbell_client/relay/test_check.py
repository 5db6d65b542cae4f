"""`doorbell doctor --relay` says what keeps cameras' files from the cloud, and how to mend it."""

from __future__ import annotations

import asyncio
import io
import socket
from typing import TYPE_CHECKING

import pytest

from doorbell_client.commands import doctor
from doorbell_client.commands.checks import relay
from doorbell_client.commands.checks.finding import Grade, Setup
from doorbell_client.config.cameras import Camera
from doorbell_client.config.schema import Config
from doorbell_client.config.schema import Relay as RelayConfig
from doorbell_client.errors import ConfigError
from doorbell_client.relay.kept import About
from doorbell_client.relay.store import Store
from tests.doorbell_client.relay.living import DRIVE, GARDEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from doorbell_client.config.credentials import Credentials
    from tests.doorbell_client.relay.fake_cloud import FakeCloud


def nobody() -> Credentials:
    raise ConfigError("A relay has no token of its own.")


def setup(
    tmp_path: Path, config: RelayConfig, cameras: Sequence[Camera] = (GARDEN, DRIVE)
) -> Setup:
    return Setup(
        Config(relay=config), nobody, tmp_path / "relay", device="relay",
        find_cameras=lambda: cameras,
    )  # fmt: skip


def here(cloud: FakeCloud) -> RelayConfig:
    return RelayConfig(recipient=cloud.recipient, bind="127.0.0.1", port=0)


def test_a_relay_that_is_well_has_a_line_for_each_thing(cloud: FakeCloud, tmp_path: Path) -> None:
    out = io.StringIO()

    async def checked() -> int:
        async with cloud.running():
            return await doctor._run_checks(setup(tmp_path, here(cloud)), out)

    assert asyncio.run(checked()) == 0
    lines = {line.split()[1]: line for line in out.getvalue().splitlines()}
    assert list(lines) == [
        "config", "cameras", "cloud", "clock", "tokens", "streams", "port", "spool", "disk",
    ]  # fmt: skip
    assert "garden, drive" in lines["cameras"]
    assert "skip" in lines["streams"]
    for camera in (GARDEN, DRIVE):
        assert camera.token not in out.getvalue()


def test_without_a_cloud_what_depends_on_it_is_skipped(tmp_path: Path) -> None:
    out = io.StringIO()
    assert doctor.doctor(setup(tmp_path, RelayConfig(port=0, bind="127.0.0.1")), out) == 1
    lines = {line.split()[1]: line for line in out.getvalue().splitlines()}
    assert "make outputs" in lines["cloud"]
    assert lines["tokens"].startswith("skip")


def test_a_cloud_that_is_away_or_another_server_is_a_failure(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def checked() -> None:
        away = RelayConfig(recipient="http://127.0.0.1:9/")
        assert (await relay.check_cloud(away)).grade is Grade.FAIL
        async with cloud.running():
            found = await relay.check_cloud(here(cloud))
            assert found.grade is Grade.OK
            cloud.fault = lambda step: "500"
            assert (await relay.check_tokens(setup(tmp_path, here(cloud)))).grade is Grade.WARN

    asyncio.run(checked())


def test_a_token_that_the_cloud_does_not_know_is_named_by_its_camera(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    async def checked() -> None:
        async with cloud.running():
            assert (await relay.check_tokens(setup(tmp_path, here(cloud)))).grade is Grade.OK
            del cloud.tokens[DRIVE.token]
            found = await relay.check_tokens(setup(tmp_path, here(cloud)))
            assert found.grade is Grade.FAIL
            assert "drive" in found.says
            assert "garden" not in found.says
            assert "make add-camera" in found.fix
        assert cloud.objects == {}

    asyncio.run(checked())


def test_a_stream_that_cannot_be_opened_is_named_without_its_password(tmp_path: Path) -> None:
    url = "rtsp://relay:rosebud@127.0.0.1:9/stream"
    camera = Camera("garden", "t", "garden", "t", url)
    found = asyncio.run(relay.check_streams(setup(tmp_path, RelayConfig(), [camera])))
    assert found.grade is Grade.FAIL
    assert "garden: It cannot be opened" in found.says
    assert "rosebud" not in found.says


def test_a_port_that_is_taken_is_a_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = RelayConfig(bind="127.0.0.1", port=taken.getsockname()[1])
        assert relay.check_port(setup(tmp_path, config)).grade is Grade.FAIL
    assert relay.check_port(setup(tmp_path, config)).grade is Grade.OK


def test_what_waits_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    assert "will be made" in relay.check_waiting(folder).says
    store = Store(folder)
    store.open()
    assert relay.check_waiting(folder).grade is Grade.OK
    kept, incoming = store.begin()
    incoming.write(b"x" * 2_500)
    store.keep(kept, incoming, About("garden", "video/mp4", "a", 0.0))
    found = relay.check_waiting(folder)
    assert (found.grade, "1 file waits (2.5 kB)" in found.says) == (Grade.WARN, True)
    (tmp_path / "file").touch()
    assert relay.check_waiting(tmp_path / "file").grade is Grade.FAIL


def test_a_cameras_file_that_is_wrong_is_told_once(tmp_path: Path) -> None:
    def wrong() -> Sequence[Camera]:
        raise ConfigError("The cameras' file cameras.toml is open to others; run `chmod 600`.")

    out = io.StringIO()
    asked = setup(tmp_path, RelayConfig(bind="127.0.0.1", port=0))._replace(find_cameras=wrong)
    assert doctor.doctor(asked, out) == 1
    assert out.getvalue().count("chmod 600") == 1


@pytest.mark.parametrize(("recipient", "secure"), [("https", "https"), ("http", "http")])
def test_the_clock_is_compared_with_the_same_host(
    recipient: str, secure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    from doorbell_client.commands.checks.clock import check_clock

    asked: list[str] = []

    async def get(_: object, url: str) -> httpx.Response:
        asked.append(url)
        raise httpx.ConnectError("no")

    monkeypatch.setattr(httpx.AsyncClient, "get", get)
    asyncio.run(check_clock(f"{recipient}://door.example/camera"))
    assert asked == [f"{secure}://door.example/"]
