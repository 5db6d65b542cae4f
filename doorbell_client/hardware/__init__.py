"""The parts of a real door, from its configuration. One file a thing.

gpiozero, picamera2 and PyAV are imported only where a part needs them: the same program runs on a
laptop that has none of the three.
"""

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from doorbell_client.config.schema import Config
from doorbell_client.door.parts import Bell, Camera, Lights, Parts, Source, Strike
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware.absent import NoBell, NoCamera, NoLights, NoSource, NoStrike

if TYPE_CHECKING:
    from doorbell_client.hardware.camera_worker import Device


class _Part(Protocol):
    def close(self) -> None: ...


P = TypeVar("P", bound=_Part)


def build(config: Config) -> Parts:
    """All parts that the configuration names; a part whose pin is not named is not there.

    The strike comes first, so that whatever a killed predecessor left energised is released before
    anything else happens. Raises HardwareError, with every part made so far let go, or ConfigError.
    """
    with ExitStack() as made:

        def keep(part: P) -> P:
            made.callback(part.close)
            return part

        strike = keep(_strike(config))
        door = Parts(
            button=keep(_button(config)),
            keypad=keep(_keypad(config)),
            lights=keep(_lights(config)),
            chime=keep(build_chime(config)),
            gong=keep(_gong(config)),
            strike=strike,
            camera=keep(build_camera(config)),
        )
        made.pop_all()
        return door


def _strike(config: Config) -> Strike:
    settings = config.strike
    if settings.pin is None:
        return NoStrike()
    from doorbell_client.hardware.strike import RelayStrike

    return RelayStrike(settings.pin, settings.active_high, settings.max_seconds)


def _button(config: Config) -> Source:
    if config.button.pin is None:
        return NoSource()
    from doorbell_client.hardware.button import PushButton

    return PushButton(config.button.pin)


def _keypad(config: Config) -> Source:
    settings = config.keypad
    if not settings.rows and not settings.columns:
        return NoSource()
    if not settings.rows or not settings.columns:
        raise ConfigError("[keypad] needs both `rows` and `columns`.")
    from doorbell_client.hardware.keypad import MatrixKeypad

    return MatrixKeypad(settings.rows, settings.columns)


def _lights(config: Config) -> Lights:
    settings = config.lights
    if settings.status_pin is None and settings.button_pin is None:
        return NoLights()
    from doorbell_client.hardware.lights import LedLights

    return LedLights(settings.status_pin, settings.button_pin)


def build_chime(config: Config) -> Bell:
    """The bell outside, and the voice of `doorbell chime`. Raises HardwareError, ConfigError."""
    settings = config.chime
    if settings.sound == "none":
        return NoBell()
    from doorbell_client.hardware.chime import FileChime, TerminalBell, ToneChime

    if settings.sound == "tone":
        if settings.pin is None:
            raise ConfigError('[chime] kind "tone" needs `pin`, the piezo\'s BCM number.')
        return ToneChime(settings.pin)
    if settings.sound == "file":
        if settings.file is None:
            raise ConfigError('[chime] kind "file" needs `file`, a sound such as ding-dong.wav.')
        return FileChime(settings.file, device=settings.device, volume=settings.volume)
    return TerminalBell()


def _gong(config: Config) -> Bell:
    settings = config.gong
    if settings.pin is None:
        return NoBell()
    from doorbell_client.hardware.gong import RelayGong

    return RelayGong(settings.pin, settings.active_high)


def build_camera(config: Config) -> Camera:
    """The camera; it is opened when it is started, and again at the next press after a failure."""
    if config.camera.kind == "none":
        return NoCamera()
    from doorbell_client.hardware.camera_worker import CameraWorker

    return CameraWorker(partial(open_camera, config))


def open_camera(config: Config) -> "Device":
    """The camera, now. Raises CameraError."""
    settings = config.camera
    size = (settings.width, settings.height)
    match settings.kind:
        case "picamera2":
            from doorbell_client.hardware.picamera import PiCamera

            return PiCamera(size, rotation=settings.rotation)
        case "webcam":
            from doorbell_client.hardware.webcam import Webcam

            return Webcam(settings.device, size=size, rotation=settings.rotation)
        case "stills":
            from doorbell_client.hardware.stills import StillsCamera

            return StillsCamera(settings.folder)
        case _:
            raise CameraError("This door has no camera.")
