"""One part at a time, after a question where something sounds or moves."""

import io
import sys
import time
from pathlib import Path

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory
from PIL import Image

from doorbell_client.__main__ import main
from doorbell_client.commands import try_part as module
from doorbell_client.commands.service_state import ServiceState
from doorbell_client.commands.try_part import Trial, agreed, try_part
from doorbell_client.config.schema import Camera, Chime, Config, Gong, Keypad, Lights, Strike
from doorbell_client.config.service import Service
from doorbell_client.door.parts import Mood
from doorbell_client.errors import CameraError, ConfigError, HardwareError
from proof.faults.matrix import Matrix
from tests.doorbell_client.hardware.test_keypad import COLUMNS, ROWS

DOOR = Config(
    strike=Strike(24),
    gong=Gong(23),
    lights=Lights(22, 27),
    chime=Chime("tone", pin=12),
    keypad=Keypad((19, 13, 6, 5), (21, 20, 16)),
)


class Bench:
    """Looks at a pin while the trial waits, and remembers what was said."""

    def __init__(self, pins: MockFactory, config: Config = DOOR) -> None:
        self.pins = pins
        self.said: list[str] = []
        self.seen: list[bool] = []
        self.watched = 0
        self.trial = Trial(config, self.said.append, self._wait)

    def _wait(self, seconds: float) -> None:
        time.sleep(0.1)
        self.seen.append(bool(self.pins.pin(self.watched).state))


def test_the_strike_is_energised_and_locked_again(pins: MockFactory) -> None:
    bench = Bench(pins)
    bench.watched = 24
    try_part("strike", bench.trial)
    assert bench.seen == [True]
    assert not pins.pin(24).state
    assert "push the door" in bench.said[0]
    assert "locked again" in bench.said[-1]


def test_the_gong_strikes(pins: MockFactory) -> None:
    bench = Bench(pins)
    bench.watched = 23
    try_part("gong", bench.trial)
    assert bench.seen == [True]
    assert not pins.pin(23).state


def test_the_bell_sounds(pins: MockFactory) -> None:
    bench = Bench(pins)
    bench.watched = 12
    try_part("bell", bench.trial)
    assert bench.seen == [True]


def test_every_mood_is_shown_and_no_other_part_is_touched(pins: MockFactory) -> None:
    pins.pin(24).function = "input"  # as a strike's pin is before anybody claims it
    bench = Bench(pins)
    try_part("lights", bench.trial)
    assert [line.split(":")[0] for line in bench.said] == [
        mood.value for mood in Mood if mood is not Mood.OFF
    ]
    assert pins.pin(24).function == "input"


def test_a_key_is_shown_while_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = Matrix(ROWS, COLUMNS)
    monkeypatch.setattr(Device, "pin_factory", matrix.factory)
    bench = Bench(matrix.factory, Config(keypad=Keypad(ROWS, COLUMNS)))

    def press(seconds: float) -> None:
        matrix.press("8")
        deadline = time.monotonic() + 5
        while "  8" not in bench.said and time.monotonic() < deadline:
            time.sleep(0.01)

    try_part("keypad", bench.trial._replace(wait=press))
    matrix.factory.reset()
    assert bench.said[1:] == ["  8"]


def test_a_picture_is_left_to_look_at(pins: MockFactory, tmp_path: Path) -> None:
    (tmp_path / "stills").mkdir()
    Image.new("RGB", (64, 48)).save(tmp_path / "stills" / "a.jpeg")
    bench = Bench(pins, Config(camera=Camera(folder=tmp_path / "stills")))
    photo = tmp_path / "try.jpeg"
    try_part("camera", bench.trial._replace(photo=photo))
    assert Image.open(photo).size == (64, 48)
    assert str(photo) in bench.said[0]
    with pytest.raises(CameraError, match="cannot be written"):
        try_part("camera", bench.trial._replace(photo=tmp_path / "absent" / "try.jpeg"))


@pytest.mark.parametrize("part", ["strike", "gong", "lights", "keypad", "bell"])
def test_a_part_that_is_not_configured_is_named(pins: MockFactory, part: str) -> None:
    with pytest.raises(ConfigError, match="configured"):
        try_part(part, Bench(pins, Config(chime=Chime("none"))).trial)


def test_a_part_that_does_not_work_is_named(pins: MockFactory) -> None:
    broken = Config(gong=Gong(99))
    with pytest.raises(HardwareError, match="GPIO 99"):
        try_part("gong", Bench(pins, broken).trial)


class Person(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "yes"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_only_a_yes_is_a_yes(answer: str, yes: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert agreed("Unlock the door?", Person(answer)) is yes
    assert "Unlock the door? [y/N]" in capsys.readouterr().out


def test_where_nobody_can_be_asked_nothing_moves(capsys: pytest.CaptureFixture[str]) -> None:
    assert not agreed("Unlock the door?", io.StringIO("y\n"))
    assert "--yes" in capsys.readouterr().out


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pins: MockFactory) -> list[str]:
    """A door that is configured; the parts that were tried."""
    file, tried = tmp_path / "doorbell.toml", list[str]()
    file.write_text("[strike]\npin = 24\n")
    monkeypatch.setenv("DOORBELL_CONFIG", str(file))
    monkeypatch.setattr(module, "try_part", lambda part, trial: tried.append(part))
    monkeypatch.setattr(module, "installed_service", lambda: None)
    return tried


def test_the_command_asks_before_the_door_is_unlocked(
    configured: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Person("n\n"))
    assert main(["try", "strike"]) == 1
    assert configured == []
    monkeypatch.setattr(sys, "stdin", Person("y\n"))
    assert main(["try", "strike"]) == 0
    assert main(["try", "strike", "--yes"]) == 0
    assert configured == ["strike", "strike"]


def test_lights_keypad_and_camera_are_tried_without_a_question(
    configured: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for part in ("lights", "keypad", "camera"):
        assert main(["try", part]) == 0


def test_beside_a_running_service_nothing_is_tried(
    configured: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(Path("/etc/doorbell/doorbell.toml"), Path("/var/lib/doorbell"))
    monkeypatch.setattr(module, "installed_service", lambda: service)
    running = ServiceState(active=True, words="active")
    monkeypatch.setattr(module, "service_state", lambda name: running)
    assert main(["try", "strike", "--yes"]) == 1
    assert "systemctl stop doorbell.service" in capsys.readouterr().err
    assert configured == []
