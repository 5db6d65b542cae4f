"""The command line: clear help, one sentence for what is wrong, and the right stack."""

import asyncio
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from doorbell_client.__main__ import main
from doorbell_client.clock import Moment
from doorbell_client.commands.parser import COMMANDS
from doorbell_client.commands.version import version
from doorbell_client.config import profile
from doorbell_client.config.credentials import Credentials
from doorbell_client.errors import ConfigError
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Spool
from tests.doorbell_client.fake_cloud import FakeCloud

STACK: dict[str, Any] = {
    "websocket": "ws://127.0.0.1:1/prod",
    "tokens": {"door": "d.d.d", "phone": "p.p.p"},
}
CONFIG = '[cloud]\nurl = "wss://house.example/prod"\n'


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DOORBELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / "config")
    monkeypatch.setattr("platformdirs.user_state_path", lambda name: tmp_path / "state")
    monkeypatch.setattr("doorbell_client.config.locations.SYSTEM_FOLDER", tmp_path / "etc")


def configure(folder: Path, token: str = "c.c.c") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "doorbell.toml").write_text(CONFIG)
    (folder / "token").write_text(token)
    (folder / "token").chmod(0o600)
    return folder / "doorbell.toml"


def run_stack() -> None:
    Path(".local").mkdir()
    Path(".local/stack.json").write_text(json.dumps(STACK))


# --- which stack ----------------------------------------------------------------


def test_flags_come_first_then_environment_then_named_then_stack_then_usual(
    tmp_path: Path,
) -> None:
    configure(tmp_path / "config")
    usual = profile.find(None, environment={}).credentials("door")
    assert usual == Credentials("wss://house.example/prod", "c.c.c")
    run_stack()
    assert profile.find(None, environment={}).credentials("door").token == "d.d.d"
    assert profile.find(None, environment={}).credentials("phone").token == "p.p.p"
    by_token = profile.find(None, environment={"DOORBELL_TOKEN": "e.e.e"})
    assert by_token.credentials("phone") == Credentials("ws://127.0.0.1:1/prod", "e.e.e")
    named = configure(tmp_path / "named", "n.n.n")
    assert profile.find(named, environment={}).credentials("door").token == "n.n.n"
    environment = {"DOORBELL_CLOUD_URL": "wss://other.example", "DOORBELL_TOKEN": "e.e.e"}
    by_environment = profile.find(named, environment=environment)
    assert by_environment.credentials("door") == Credentials("wss://other.example", "e.e.e")
    flagged = profile.find(named, "wss://third.example", "f.f.f", environment)
    assert flagged.credentials("door") == Credentials("wss://third.example", "f.f.f")


def test_a_url_without_a_token_is_half_a_stack() -> None:
    with pytest.raises(ConfigError, match="go together"):
        profile.find(None, url="wss://house.example", environment={}).credentials("door")


def test_no_stack_at_all_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ring", "--photo", "x.jpeg"]) == 1
    assert "doorbell init" in capsys.readouterr().err


def test_presses_lie_where_configured_or_where_systemd_says(tmp_path: Path) -> None:
    assert profile.find(None, environment={}).spool_folder() == tmp_path / "state" / "spool"
    by_systemd = profile.find(None, environment={"STATE_DIRECTORY": "/var/lib/doorbell"})
    assert by_systemd.spool_folder() == Path("/var/lib/doorbell/spool")
    told = profile.find(None, environment={"DOORBELL_SPOOL_FOLDER": "/mnt/spool"})
    assert told.spool_folder() == Path("/mnt/spool")


def test_a_camera_s_url_is_https_and_a_door_s_is_wss() -> None:
    camera = profile.find(None, "https://house.example/camera", "h.c.s", environment={})
    assert camera.credentials("camera").url == "https://house.example/camera"
    assert camera.is_camera
    with pytest.raises(ConfigError, match="A door cannot use"):
        camera.credentials("door")
    door = profile.find(None, "wss://house.example/prod", "h.d.s", environment={})
    assert not door.is_camera
    with pytest.raises(ConfigError, match="A camera cannot use"):
        door.credentials("camera")


def test_a_running_stack_tells_where_cameras_send_or_that_they_cannot() -> None:
    Path(".local").mkdir()
    file, tokens = Path(".local/stack.json"), {**STACK["tokens"], "camera": "h.c.s"}
    file.write_text(json.dumps({**STACK, "tokens": tokens, "cameras": "http://127.0.0.1:2/"}))
    found = profile.find(None, environment={}).credentials("camera")
    assert found == Credentials("http://127.0.0.1:2/", "h.c.s")
    file.write_text(json.dumps({**STACK, "tokens": tokens, "cameras": None}))
    with pytest.raises(ConfigError, match="takes no pictures"):
        profile.find(None, environment={}).credentials("camera")


def test_a_camera_s_pictures_lie_where_configured_or_beside_the_presses(tmp_path: Path) -> None:
    assert profile.find(None, environment={}).pictures_folder() == tmp_path / "state" / "pictures"
    told = profile.find(None, environment={"DOORBELL_SPOOL_FOLDER": "/mnt/spool"})
    assert told.pictures_folder() == Path("/mnt/spool")


# --- commands -------------------------------------------------------------------


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(command.does)}$", told, re.MULTILINE)


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"doorbell {version()}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: doorbell {name}")
    assert "--token" in told


@pytest.mark.parametrize("wait", ["nan", "inf", "-1", "0", "1e9", "soon"])
@pytest.mark.parametrize("words", [["ring", "--photo", "x"], ["spool", "flush"]])
def test_a_wait_that_is_no_time_is_refused(
    words: list[str], wait: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, f"--wait={wait}"])
    assert ended.value.code == 2
    assert "seconds from 0 to 86400" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["knock"], ["ring"], ["spool"], ["spool", "eat"]])
def test_what_is_no_command_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_options_may_stand_before_and_behind_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing.toml")
    assert main(["--config", missing, "spool", "list"]) == 1
    assert main(["spool", "list", "--config", missing]) == 1
    assert capsys.readouterr().err.count("missing.toml cannot be read") == 2


def test_init_then_spool_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "mine" / "doorbell.toml")
    words = ["init", "--config", file, "--url", "wss://house.example/", "--token", "a.b.c"]
    assert main(words) == 0
    assert main(["--config", file, "spool", "list"]) == 0
    told = capsys.readouterr().out
    assert f"{file} and its token are in place" in told
    assert "0 presses wait" in told


def test_an_error_never_prints_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "s3cret-s3cret-s3cret-s3cret"
    url = f"wss://house.example/prod?token=home.front.{secret}"
    for words in (["--url", url, "--token", "a b"], ["--url", "wss://x", "--token", f"{secret} x"]):
        assert main(["spool", "flush", *words]) == 1
        assert secret not in capsys.readouterr().err


def test_a_wrong_key_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = configure(tmp_path / "config")
    file.write_text(CONFIG + "\n[camera]\nwith = 3\n")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().err.startswith(f"{file}, line 5: [camera] has no key `with`")


def test_a_door_without_a_button_is_told_what_it_lacks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    configure(tmp_path / "config")
    assert main(["run"]) == 1
    assert "No button is configured" in capsys.readouterr().err


def test_a_code_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ring", "--photo", "x", "--code", "abc"]) == 1
    assert "must be digits" in capsys.readouterr().err


def waiting_press(folder: Path, home: str = "") -> str:
    spool = Spool(folder)
    spool.open()
    record = Record(str(uuid.uuid4()), Moment.now(), home)
    spool.note(record)
    spool.keep(record)
    spool.add_photo(record.press, b"\xff\xd8\xff\xd9")
    spool.close()
    return record.press


def test_the_spool_is_listed_and_flushed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "state" / "spool"
    press = waiting_press(folder)
    assert main(["spool", "list"]) == 0
    assert press in capsys.readouterr().out

    async def flushed() -> None:
        cloud = FakeCloud()
        async with cloud.running():
            assert await flush(cloud, folder) == 0
            assert list(cloud.presses) == [press]
            assert len(cloud.photos) == 1

    asyncio.run(flushed())
    assert main(["spool", "list"]) == 0
    assert "0 presses wait" in capsys.readouterr().out


async def flush(cloud: FakeCloud, folder: Path, wait: float = 60) -> int | None:
    """As an owner would, in a process of its own; returns its status."""
    environment = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DOORBELL_CLOUD_URL": cloud.credentials.url,
        "DOORBELL_TOKEN": cloud.credentials.token,
        "DOORBELL_SPOOL_FOLDER": str(folder),
    }
    words = ("-m", "doorbell_client", "spool", "flush", f"--wait={wait}")
    process = await asyncio.create_subprocess_exec(sys.executable, *words, env=environment)
    return await process.wait()


def test_a_press_of_a_door_that_knew_its_home_is_flushed_to_that_home_alone(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running():
            press = waiting_press(tmp_path / "ours", cloud.credentials.home)
            assert await flush(cloud, tmp_path / "ours", wait=20) == 0
            waiting_press(tmp_path / "theirs", "wss://house.example/ theirs")
            assert await flush(cloud, tmp_path / "theirs", wait=2) == 1
            assert list(cloud.presses) == [press]

    asyncio.run(scene())


def test_flushing_while_a_door_runs_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Spool(tmp_path / "state" / "spool")
    running.open()
    assert main(["spool", "flush", "--url", "wss://house.example", "--token", "a.b.c"]) == 1
    running.close()
    assert "Another doorbell uses the spool" in capsys.readouterr().err


def test_the_unit_is_shown_for_a_configured_door(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install-service", "--show"]) == 1
    file = configure(tmp_path / "config")
    assert main(["install-service", "--show"]) == 0
    assert str(file) in capsys.readouterr().out


def test_only_the_unit_is_written_where_a_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(tmp_path / "config")
    units = tmp_path / "units"
    units.mkdir()
    kinds = ("--chime", "--bridge", "--gifcam", "--timelapse")
    for words in ([], *([kind] for kind in kinds)):
        assert main(["install-service", "--unit-dir", str(units), *words]) == 0
    assert {unit.name for unit in units.iterdir()} == {
        "doorbell.service", *(f"doorbell-{kind.strip('-')}.service" for kind in kinds),
    }  # fmt: skip
    assert "sudo systemctl restart doorbell-chime.service" in capsys.readouterr().out


HEAVY = {"boto3", "gpiozero", "picamera2", "av", "httpx", "stamina", "rich", "PIL"}
LIGHT = (
    "run", "chime", "gifcam", "timelapse", "ring", "spool", "doctor", "init", "install_service",
    "status", "try_part",
)  # fmt: skip
"""Commands that start without them; `simulate` draws with rich."""


def test_the_door_starts_without_what_it_does_not_need_yet() -> None:
    commands = ", ".join(f"doorbell_client.commands.{name}" for name in LIGHT)
    code = f"import sys, doorbell_client.__main__, {commands}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(profile.__file__).parents[2],
    ).stdout.split()
    assert HEAVY & set(loaded) == set()
    ours = {name for name in loaded if name.split(".")[0] == "doorbell"}
    protocol = {"frames", "fields", "messages", "names", "requests", "words"}
    allowed = {"doorbell", "doorbell.protocol", "doorbell.errors"}
    assert ours <= allowed | {f"doorbell.protocol.{name}" for name in protocol}
