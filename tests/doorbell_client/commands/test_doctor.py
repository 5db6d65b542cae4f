"""Every check, well and ill; the token nowhere."""

import asyncio
import contextlib
import io
import json
import os
import re
import shutil
import socket
import ssl
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from email.utils import formatdate
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from gpiozero import BadPinFactory, Device
from gpiozero.pins.mock import MockFactory
from PIL import Image
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from doorbell.protocol import HelloAnswer, message_frame
from doorbell.protocol.names import Role
from doorbell_client.__main__ import main
from doorbell_client.clock import Moment
from doorbell_client.commands import doctor
from doorbell_client.commands.checks import cloud as cloud_checks
from doorbell_client.commands.checks import files, hardware, storage
from doorbell_client.commands.checks.finding import Finding, Grade, Setup
from doorbell_client.commands.checks.service import check_service
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.schema import Button, Camera, Chime, Config, DoorParts, Gong
from doorbell_client.config.schema import Spool as SpoolSettings
from doorbell_client.config.service import Service
from doorbell_client.errors import ConfigError
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Spool

TOKEN = "home.front.s3cretS3cret"


class Answers(NamedTuple):
    """How a loopback cloud answers."""

    status: int | None = None
    ahead: float = 0.0
    says_date: bool = True
    pong: bool = True
    role: Role | None = "door"

    def plain(self, connection: ServerConnection) -> Response:
        """The answer to a GET."""
        response = connection.respond(426, "")
        response.headers.pop("Date", None)
        if self.says_date:
            response.headers["Date"] = formatdate(time.time() + self.ahead, usegmt=True)
        return response

    def upgrade(self, connection: ServerConnection, request: Request) -> Response | None:
        """The answer to a handshake."""
        known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        status = self.status or (None if known else 401)
        return connection.respond(status, "") if status else None


WELL = Answers()


@contextlib.asynccontextmanager
async def cloud(answers: Answers) -> AsyncIterator[str]:
    """A cloud on loopback; yields its URL."""

    def answer(connection: ServerConnection, request: Request) -> Response | None:
        if "Upgrade" in request.headers:
            return answers.upgrade(connection, request)
        return answers.plain(connection)

    async def handle(connection: ServerConnection) -> None:
        async for frame in connection:
            action = json.loads(frame)["action"]
            if answers.pong and action == "ping":
                await connection.send('{"type":"pong"}')
            if answers.role and action == "hello":
                await connection.send(message_frame(HelloAnswer(answers.role, 1.0)))

    async with serve(handle, "127.0.0.1", 0, process_request=answer) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/prod"


def setup(tmp_path: Path, url: str, token: str = TOKEN, **sections: Any) -> Setup:
    pictures = tmp_path / "stills"
    pictures.mkdir(exist_ok=True)
    Image.new("RGB", (64, 48)).save(pictures / "a.jpg")
    parts = {"door": DoorParts("simulated"), "camera": Camera(folder=pictures)}
    config = Config(**{**parts, **sections})
    return Setup(config, lambda: Credentials(url, token), tmp_path / "spool")


def examine(tmp_path: Path, answers: Answers = WELL, **sections: Any) -> tuple[int, str]:
    """The doctor's exit status and words about a door at `answers`."""
    out = io.StringIO()

    async def scene() -> int:
        async with cloud(answers) as url:
            return await asyncio.to_thread(doctor.doctor, setup(tmp_path, url, **sections), out)

    return asyncio.run(scene()), out.getvalue()


def line(words: str, name: str) -> str:
    (found,) = [line for line in words.splitlines() if line[6:].startswith(f"{name} ")]
    return found


def test_a_door_that_is_well_has_a_line_for_each_check_and_status_0(tmp_path: Path) -> None:
    status, words = examine(tmp_path)
    assert status == 0
    assert [row[:4].strip() for row in words.splitlines()] == ["ok"] * 11
    assert "a.jpg" in line(words, "camera")
    assert "pong after" in line(words, "handshake")
    assert str(tmp_path / "spool") in line(words, "spool")
    assert "In step" in line(words, "clock")


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "malformed (401)"), (403, "revoked (403)"), (500, "answers 500")],
)
def test_a_cloud_that_turns_us_away_is_named_with_the_fix(
    tmp_path: Path, status: int, says: str
) -> None:
    code, words = examine(tmp_path, Answers(status=status))
    assert code == 1
    found = line(words, "handshake")
    assert found.startswith("fail")
    assert says in found
    assert "Fix: " in found


def test_a_cloud_that_does_not_pong_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud_checks, "ANSWER_SECONDS", 0.2)
    code, words = examine(tmp_path, Answers(pong=False))
    assert code == 0
    assert line(words, "handshake").startswith("warn")


@pytest.mark.parametrize(
    ("ahead", "grade", "says"),
    [
        (-1200.0, "fail", "ahead of the cloud: photos are refused"),
        (1200.0, "fail", "behind"),
        (120.0, "warn", "behind"),
        (20.0, "ok", " s behind the cloud"),
    ],
)
def test_a_wrong_clock_is_noticed_before_s3_refuses(
    tmp_path: Path, ahead: float, grade: str, says: str
) -> None:
    _, words = examine(tmp_path, Answers(ahead=ahead))
    assert line(words, "clock").startswith(grade)
    assert says in line(words, "clock")


@pytest.mark.parametrize(
    ("script", "grade"), [("echo yes", "ok"), ("echo no", "warn"), (None, "warn")]
)
def test_without_a_date_the_network_time_service_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, grade: str
) -> None:
    shell = shutil.which("sh")
    programs = tmp_path / "bin"
    programs.mkdir()
    if script:
        (programs / "timedatectl").write_text(f"#!{shell}\n{script}\n")
        (programs / "timedatectl").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    _, words = examine(tmp_path, Answers(says_date=False))
    assert line(words, "clock").startswith(grade)


def test_a_cloud_out_of_reach_is_a_failure_and_the_rest_is_still_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        out = io.StringIO()
        url = f"ws://127.0.0.1:{taken.getsockname()[1]}/prod"
        assert doctor.doctor(setup(tmp_path, url), out) == 1
    assert line(out.getvalue(), "handshake").startswith("fail")
    assert line(out.getvalue(), "camera").startswith("ok")


def finding(check: Callable[[], Any]) -> Finding:
    async def scene() -> Finding:
        result: Finding = await check()
        return result

    return asyncio.run(scene())


def test_a_name_without_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = finding(lambda: cloud_checks.check_dns("wss://absent.example/prod"))
    assert found.grade is Grade.FAIL
    assert "absent.example has no address (Name or service not known)" in found.says


def test_a_certificate_that_is_not_believed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def untrusted(_: Credentials) -> bool:
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = "self-signed certificate"
        raise error

    monkeypatch.setattr(cloud_checks, "_ask", untrusted)
    device = setup(tmp_path, "wss://door.example/prod")
    found = finding(lambda: cloud_checks.check_handshake(device))
    assert found.grade is Grade.FAIL
    assert "self-signed" in found.says


def test_pins_are_looked_for_only_when_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hardware.check_pins(Config()).grade is Grade.OK
    monkeypatch.setattr(Device, "pin_factory", MockFactory())
    found = hardware.check_pins(Config(button=Button(17), gong=Gong(25)))
    assert found == Finding(Grade.OK, "MockFactory drives GPIO 17, 25.")

    def no_pins() -> None:
        raise BadPinFactory("Unable to load any default pin factory!")

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setattr(Device, "_default_pin_factory", no_pins)
    found = hardware.check_pins(Config(button=Button(17)))
    assert found.grade is Grade.FAIL
    assert "python3-lgpio" in found.fix


def test_pins_that_do_not_notice_a_press_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    # gpiozero falls back to it where lgpio is missing; its edges need a kernel of years ago.
    native = type("NativeFactory", (MockFactory,), {})
    monkeypatch.setattr(Device, "pin_factory", native())
    found = hardware.check_pins(Config(button=Button(17)))
    assert found.grade is Grade.FAIL
    assert "does not notice" in found.says
    assert "python3-lgpio" in found.fix


def test_a_door_without_a_button_is_a_failure() -> None:
    found = hardware.check_button(Config())
    assert found.grade is Grade.FAIL
    assert "nobody can ring" in found.says
    assert hardware.check_button(Config(button=Button(17))).grade is Grade.OK
    simulated = Config(door=DoorParts("simulated"))
    assert hardware.check_button(simulated).grade is Grade.OK


@pytest.mark.parametrize(
    ("config", "heard"),
    [
        (Config(), False),
        (Config(chime=Chime("terminal")), False),
        (Config(chime=Chime("none")), False),
        (Config(chime=Chime("tone", pin=12)), True),
        (Config(chime=Chime(pin=12)), True),
        (Config(chime=Chime("none"), gong=Gong(25)), True),
        (Config(gong=Gong(25)), True),
        (Config(door=DoorParts("simulated")), True),
        (Config(door=DoorParts("simulated"), chime=Chime("none")), False),
    ],
)
def test_a_door_that_nobody_hears_is_a_failure(config: Config, heard: bool) -> None:
    assert (hardware.check_bell(config).grade is Grade.OK) is heard


def test_a_bell_whose_sound_is_missing_is_a_failure(tmp_path: Path) -> None:
    _, words = examine(tmp_path, chime=Chime(file=tmp_path / "absent.wav"))
    assert line(words, "bell").startswith("fail")


def test_cameras(tmp_path: Path) -> None:
    none = Config(camera=Camera(kind="none"))
    assert finding(lambda: hardware.check_camera(none)).grade is Grade.WARN
    absent = Config(camera=Camera(folder=tmp_path / "absent"))
    assert finding(lambda: hardware.check_camera(absent)).grade is Grade.FAIL
    found = finding(lambda: hardware.check_camera(Config(camera=Camera(kind="picamera2"))))
    assert found.grade is Grade.FAIL
    assert "apt install python3-picamera2" in found.says
    assert not found.fix, "a running door is not to blame for what is not installed"


@pytest.mark.parametrize("role", ["phone", "camera"])
def test_a_token_that_is_not_a_doors_is_a_failure(tmp_path: Path, role: Role) -> None:
    code, words = examine(tmp_path, Answers(role=role))
    assert code == 1
    assert line(words, "handshake").startswith("fail")
    assert f"a {role}'s" in line(words, "handshake")


def test_a_bell_inside_is_checked_as_one(tmp_path: Path) -> None:
    def checked(answers: Answers) -> tuple[int, str]:
        out = io.StringIO()

        async def scene() -> int:
            async with cloud(answers) as url:
                device = setup(tmp_path, url, door=DoorParts())._replace(device="chime")
                return await asyncio.to_thread(doctor.doctor, device, out)

        return asyncio.run(scene()), out.getvalue()

    code, words = checked(Answers(role="phone"))
    assert code == 0
    assert "button" not in words
    assert "ding-dong" in line(words, "bell")
    code, words = checked(Answers(role="door"))
    assert code == 1
    assert "make add-phone" in line(words, "handshake")


def test_a_bell_inside_that_is_silent_is_a_failure() -> None:
    assert hardware.check_indoor_bell(Config(chime=Chime("none"))).grade is Grade.FAIL
    assert hardware.check_indoor_bell(Config(chime=Chime("tone", pin=12))).grade is Grade.OK


@pytest.mark.parametrize(
    ("words", "unit_name", "device", "role"),
    [
        (["doctor"], None, "door", "door"),
        (["doctor", "--chime"], None, "chime", "phone"),
        (["doctor", "--bridge"], None, "bridge", "phone"),
        (["doctor", "--gifcam"], None, "gifcam", "camera"),
        (["doctor", "--timelapse"], "doorbell-gifcam.service", "timelapse", "camera"),
        (["doctor"], "doorbell-gifcam.service", "gifcam", "camera"),
        (["doctor"], "doorbell-timelapse.service", "timelapse", "camera"),
        (["doctor", "--relay"], None, "relay", "phone"),
        (["doctor"], "doorbell-relay.service", "relay", "phone"),
        (["doctor"], "doorbell.service", "door", "door"),
        (["doctor"], "doorbell-chime.service", "chime", "phone"),
        (["doctor"], "doorbell-bridge.service", "bridge", "phone"),
    ],
)
def test_the_installed_service_says_what_kind_of_device_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    unit_name: str | None,
    device: str,
    role: str,
) -> None:
    file, found = tmp_path / "doorbell.toml", list[tuple[str, str]]()
    file.touch()
    if unit_name:
        (tmp_path / unit_name).write_text(f"[X-Doorbell]\nConfiguration={file}\n")
    monkeypatch.setattr("doorbell_client.config.service.UNIT_FOLDER", tmp_path)

    def remember(checked: Setup) -> int:
        found.append((checked.device, checked.role))
        return 0

    monkeypatch.setattr(doctor, "doctor", remember)
    assert main([*words, "--config", str(file)]) == 0
    assert found == [(device, role)]


def test_what_is_missing_is_said_once_and_what_depends_on_it_is_skipped(tmp_path: Path) -> None:
    def nowhere() -> Credentials:
        raise ConfigError("No stack is configured: run `doorbell init`.")

    out = io.StringIO()
    assert doctor.doctor(setup(tmp_path, "")._replace(find_credentials=nowhere), out) == 1
    words = out.getvalue()
    assert words.count("doorbell init") == 1
    for name in ("dns", "clock", "handshake"):
        assert line(words, name).startswith("skip")
        assert "`token`" in line(words, name)


@pytest.mark.parametrize(
    ("state", "text", "grade"),
    [
        ("active", "line up, 0 presses wait", Grade.OK),
        ("active", "line up, 0 presses wait, broken: The status light on GPIO 5: busy", Grade.FAIL),
        ("failed", "", Grade.FAIL),
    ],
)
def test_a_part_that_the_running_door_goes_without_is_a_failure(
    state: str, text: str, grade: Grade
) -> None:
    def systemctl(command: Sequence[str]) -> str:
        return f"ActiveState={state}\nSubState=x\nStatusText={text}\n"

    found = check_service(Service(Path("/etc/doorbell.toml"), Path("/var/lib")), systemctl)
    assert found.grade is grade
    assert text in found.says


def test_which_configuration_was_looked_at_is_said(tmp_path: Path) -> None:
    here, service = tmp_path / "doorbell.toml", Service(tmp_path / "other.toml", tmp_path)
    device = setup(tmp_path, "")._replace(config_file=here)
    assert files.check_config(device, None) == Finding(Grade.OK, f"{here}.")
    another = files.check_config(device, service)
    assert another.grade is Grade.WARN
    assert str(service.config_file) in another.says
    same = files.check_config(device._replace(service=service), service)
    assert same == Finding(Grade.OK, f"{here}, which the service uses.")


def test_the_spool_is_counted_and_its_age_told(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    assert "will be made" in storage.check_spool(folder).says
    spool = Spool(folder)
    spool.open()
    assert storage.check_spool(folder).grade is Grade.OK
    before = Moment.now()._replace(uptime=Moment.now().uptime - 7200)
    press = "123e4567-e89b-42d3-a456-426614174000"
    spool.note(Record(press, before))
    spool.keep(Record(press, before))
    spool.add_photo(press, bytes(5000))
    found = storage.check_spool(folder)
    assert found.grade is Grade.WARN
    assert "1 press(es), 5 kB wait" in found.says
    assert found.says.endswith("the oldest for 2 h.")
    assert {each.name for each in folder.iterdir()} == {"lock", f"{press}.json", f"{press}.jpeg"}


def test_a_spool_that_is_no_folder_or_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    assert storage.check_spool(tmp_path / "file").grade is Grade.FAIL
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert storage.check_spool(tmp_path / "absent" / "spool").grade is Grade.WARN


@pytest.mark.parametrize(
    ("free", "grade"),
    [(1_000_000, Grade.FAIL), (100_000_000, Grade.WARN), (10_000_000_000, Grade.OK)],
)
def test_disk_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: Grade
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))
    device = setup(tmp_path, "ws://127.0.0.1:9/", spool=SpoolSettings(max_bytes=200_000_000))
    assert storage.check_disk(device).grade is grade


def test_every_check_is_bounded_in_time_even_one_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(doctor, "CHECK_SECONDS", 0.3)
    monkeypatch.setattr(storage, "check_disk", lambda _: release.wait(30))
    started = time.monotonic()
    code, words = examine(tmp_path)
    assert time.monotonic() - started < 5
    assert code == 1
    assert "No answer in 0.3 s" in line(words, "disk")
    release.set()


def test_an_error_that_nobody_foresaw_is_a_line_and_not_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boom(_: object) -> Finding:
        raise ZeroDivisionError(f"while holding {TOKEN}")

    monkeypatch.setattr(storage, "check_disk", boom)
    code, words = examine(tmp_path)
    assert code == 1
    assert "ZeroDivisionError" in line(words, "disk")


@pytest.mark.parametrize("answers", [Answers(), Answers(status=401), Answers(status=500)])
def test_the_token_is_never_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    def boom(_: object) -> Finding:
        raise OSError(f"GET /?token={TOKEN} failed")

    monkeypatch.setattr(storage, "check_disk", boom)
    _, words = examine(tmp_path, answers)
    assert TOKEN not in words
    assert TOKEN.rsplit(".", maxsplit=1)[-1] not in words


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def test_on_a_terminal_the_grades_have_colours(tmp_path: Path, terminal: Terminal) -> None:
    doctor.doctor(setup(tmp_path, "ws://127.0.0.1:9/prod"), terminal)
    assert "\x1b[" in terminal.getvalue()
    assert "[cloud]" in terminal.getvalue()  # rich would take it for a style


def test_on_a_narrow_terminal_nothing_is_torn_and_the_fix_has_a_line_of_its_own(
    tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    doctor.doctor(setup(tmp_path, "ws://127.0.0.1:9/prod", door=DoorParts()), terminal)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue()).splitlines()
    assert max(map(len, shown)) <= 60
    (fix,) = [row for row in shown if "Name its `pin` in [button]" in row]
    assert fix.startswith(" " * 17 + "Fix: ")


def test_help_in_a_log_is_plain(tmp_path: Path) -> None:
    _, words = examine(tmp_path)
    assert "\x1b" not in words
    assert sys.stdout is not None
