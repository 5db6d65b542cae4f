"""From a configuration to a door."""

import asyncio
import io
import subprocess
import sys
import wave
from pathlib import Path
from typing import Literal

import pytest
from gpiozero import BadPinFactory, Device
from gpiozero.pins.mock import MockFactory
from PIL import Image

from doorbell_client import hardware
from doorbell_client.config.schema import (
    Button,
    Camera,
    Chime,
    Config,
    Gong,
    Keypad,
    Lights,
    Strike,
)
from doorbell_client.door.parts import Parts
from doorbell_client.errors import CameraError, ConfigError, HardwareError
from doorbell_client.hardware.absent import NoBell, NoCamera, NoLights, NoSource, NoStrike
from doorbell_client.hardware.chime import FileChime, TerminalBell
from doorbell_client.hardware.spare_sound import spare_sound

WIRED = Config(
    button=Button(17),
    lights=Lights(5, 6),
    chime=Chime("tone", 12),
    gong=Gong(25),
    keypad=Keypad((16, 20, 21, 26), (13, 19, 22)),
    strike=Strike(24),
    camera=Camera(kind="none"),
)


def close(door: Parts) -> None:
    for part in door:
        part.close()


def test_every_named_part_is_made_and_let_go(pins: MockFactory) -> None:
    for _ in range(2):
        door = hardware.build(WIRED).parts
        kinds = [type(part).__name__ for part in door]
        assert kinds == [
            "PushButton",
            "MatrixKeypad",
            "LedLights",
            "ToneChime",
            "RelayGong",
            "RelayStrike",
            "NoCamera",
        ]
        close(door)


def test_a_part_without_a_pin_is_not_there() -> None:
    door = hardware.build(Config(chime=Chime("none"), camera=Camera(kind="none"))).parts
    kinds = [type(part) for part in door]
    assert kinds == [NoSource, NoSource, NoLights, NoBell, NoBell, NoStrike, NoCamera]
    with pytest.raises(CameraError):
        asyncio.run(door.camera.capture())
    close(door)


def test_one_light_alone_will_do(pins: MockFactory) -> None:
    door = hardware.build(Config(lights=Lights(5, None), camera=Camera(kind="none"))).parts
    close(door)


def test_a_button_that_fails_lets_go_of_all_parts_and_ends_the_program(pins: MockFactory) -> None:
    twice = Config(button=Button(17), strike=Strike(17), camera=Camera(kind="none"))
    with pytest.raises(HardwareError, match=r"button on GPIO 17.*twice"):
        hardware.build(twice)
    close(hardware.build(WIRED).parts)


BROKEN = [
    (Config(button=Button(17), gong=Gong(17)), "gong", NoBell, "GPIO 17"),
    (Config(button=Button(17), lights=Lights(17, None)), "lights", NoLights, "GPIO 17"),
    (Config(button=Button(17), strike=Strike(99)), "strike", NoStrike, "GPIO 99"),
    (Config(button=Button(17), keypad=Keypad((1, 2, 3, 17), (4, 5, 6))), "keypad", NoSource, "17"),
    (Config(button=Button(17), keypad=Keypad((1, 2, 3, 4), ())), "keypad", NoSource, "`columns`"),
]


@pytest.mark.parametrize(("config", "part", "absent", "words"), BROKEN)
def test_a_part_that_fails_is_named_and_replaced_and_the_button_works(
    pins: MockFactory,
    config: Config,
    part: str,
    absent: type,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    built = hardware.build(config)
    assert isinstance(getattr(built.parts, part), absent)
    assert type(built.parts.button).__name__ == "PushButton"
    [fault] = built.faults
    assert words in fault
    assert fault in caplog.text
    close(built.parts)


def test_an_error_of_the_pin_library_itself_breaks_one_part_alone(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Exception("'GPIO busy'")  # lgpio.error is nothing more specific

    monkeypatch.setattr("gpiozero.LED.__init__", busy)
    built = hardware.build(WIRED)
    assert isinstance(built.parts.lights, NoLights)
    assert "GPIO busy" in built.faults[0]
    close(built.parts)


@pytest.mark.parametrize("part", ["keypad", "lights", "chime", "gong", "strike", "camera"])
def test_a_part_that_fails_as_nobody_foresaw_breaks_no_other(
    pins: MockFactory, part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def make(config: Config) -> None:
        raise ZeroDivisionError("of all things")

    name = f"build_{part}" if part in ("chime", "camera") else f"_{part}"
    monkeypatch.setattr(hardware, name, make)
    built = hardware.build(WIRED)
    assert type(built.parts.button).__name__ == "PushButton"
    [fault] = built.faults
    assert fault in caplog.text
    assert f"The {part} cannot be used: ZeroDivisionError" in fault
    close(built.parts)


def test_a_spare_chime_that_fails_as_well_leaves_the_door_its_button(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr("doorbell_client.hardware.chime.FileChime.__init__", broken)
    built = hardware.build(Config(button=Button(17), chime=Chime("file", file=Path(__file__))))
    assert isinstance(built.parts.chime, NoBell)
    close(built.parts)


@pytest.mark.parametrize(
    "chime", [Chime("file", file=Path("absent.wav")), Chime("file"), Chime("tone", pin=17)]
)
def test_a_chime_that_fails_is_replaced_by_a_plain_ding_dong(
    pins: MockFactory, chime: Chime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorbell_client.hardware.chime.which", lambda name: f"/bin/{name}")
    built = hardware.build(Config(button=Button(17), chime=chime))
    assert isinstance(built.parts.chime, FileChime)
    assert len(built.faults) == 1
    close(built.parts)


def test_a_door_without_any_bell_that_works_still_tells_the_phones(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorbell_client.hardware.chime.which", lambda name: None)
    built = hardware.build(Config(button=Button(17), chime=Chime("file", file=Path(__file__))))
    assert isinstance(built.parts.chime, NoBell)
    assert "aplay" in built.faults[0]
    close(built.parts)


def test_the_spare_ding_dong_is_a_sound_of_a_second() -> None:
    with wave.open(str(spare_sound())) as sound:
        assert 1 < sound.getnframes() / sound.getframerate() < 1.2
        frames = sound.readframes(1600)
    assert max(frames[1::2]) > 0x30, "loud enough to be heard"


@pytest.mark.parametrize(
    ("chime", "missing"), [(Chime("tone"), "`pin`"), (Chime("file"), "`file`")]
)
def test_half_a_chime_is_named(chime: Chime, missing: str) -> None:
    with pytest.raises(ConfigError, match=missing):
        hardware.build_chime(Config(chime=chime))


def test_without_pins_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_pins() -> None:
        raise BadPinFactory("Unable to load any default pin factory!")

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setattr(Device, "_default_pin_factory", no_pins)
    with pytest.raises(HardwareError, match="apt install python3-lgpio"):
        hardware.build(Config(button=Button(17), camera=Camera(kind="none")))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_chimes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = tmp_path / "ding.wav"
    sound.touch()
    monkeypatch.setattr("doorbell_client.hardware.chime.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("sys.stderr", Terminal())
    assert isinstance(hardware.build_chime(Config()), TerminalBell)
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert isinstance(hardware.build_chime(Config()), FileChime), "nobody hears a journal beep"
    assert isinstance(hardware.build_chime(Config(chime=Chime("file", file=sound))), FileChime)


def test_a_camera_that_is_missing_now_may_come_later(tmp_path: Path) -> None:
    folder = tmp_path / "stills"
    camera = hardware.build_camera(Config(camera=Camera(folder=folder)))

    async def scene() -> None:
        camera.start()
        with pytest.raises(CameraError, match="No pictures"):
            await camera.capture()
        folder.mkdir()
        Image.new("RGB", (64, 48)).save(folder / "a.jpg")
        assert (await camera.capture()).name == "a.jpg"
        (folder / "a.jpg").unlink()
        with pytest.raises(CameraError, match="cannot be read"):
            await camera.capture()
        Image.new("RGB", (64, 48)).save(folder / "b.jpg")
        assert (await camera.capture()).name == "b.jpg"

    asyncio.run(scene())
    camera.close()
    camera.close()


@pytest.mark.parametrize("kind", ["picamera2", "webcam"])
def test_a_camera_that_cannot_be_opened_does_not_keep_the_door_from_starting(
    kind: Literal["picamera2", "webcam"],
) -> None:
    door = hardware.build(Config(camera=Camera(kind=kind, device="/dev/absent"))).parts
    door.camera.start()
    with pytest.raises(CameraError):
        asyncio.run(door.camera.capture())
    close(door)


def test_importing_the_hardware_imports_no_heavy_library() -> None:
    program = (
        "import sys, doorbell_client.hardware as h;"
        "from doorbell_client.config.schema import Config;"
        "h.build(Config()); print({'gpiozero', 'picamera2', 'av', 'PIL'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert result.stdout.strip() == "set()"
