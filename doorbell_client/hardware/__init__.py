"""The parts of a real door, from its configuration. One file a thing.

gpiozero, picamera2 and PyAV are imported only where a part needs them: the same program runs on a
laptop that has none of the three.
"""

import logging
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from doorbell_client.config.schema import Config
from doorbell_client.door.parts import Bell, Camera, Lights, Parts, Source, Strike
from doorbell_client.errors import CameraError, ConfigError, HardwareError
from doorbell_client.hardware.absent import NoBell, NoCamera, NoLights, NoSource, NoStrike

if TYPE_CHECKING:
    from doorbell_client.hardware.camera_worker import Device

_log = logging.getLogger(__name__)


P = TypeVar("P")


class Built(NamedTuple):
    """A door's parts, and a sentence for each that does not work and is replaced."""

    parts: Parts
    faults: tuple[str, ...]


def build(config: Config) -> Built:
    """All parts that the configuration names; a part whose pin is not named is not there.

    The strike comes first, so that whatever a killed predecessor left energised is released before
    anything else happens. Only the button is vital: any other part that fails, in whatever way, is
    logged and replaced by an absent one, a failed chime by a plain ding-dong if this machine can
    play it.
    Raises HardwareError when the button fails, ConfigError when its configuration does.
    """
    faults: list[str] = []

    def made(part: str, make: Callable[[Config], P], absent: Callable[[], P]) -> P:
        try:
            return make(config)
        except Exception as error:
            foreseen = isinstance(error, (HardwareError, ConfigError))
            fault = str(error) if foreseen else f"The {part} cannot be used: {error!r}."
            _log.error("%s The door goes on without it.", fault, exc_info=not foreseen)
            faults.append(fault)
            return absent()

    strike: Strike = made("strike", _strike, NoStrike)
    try:
        button = _button(config)
    except BaseException:
        strike.close()
        raise
    parts = Parts(
        button=button,
        keypad=made("keypad", _keypad, NoSource),
        lights=made("lights", _lights, NoLights),
        chime=made("chime", build_chime, _spare_chime),
        gong=made("gong", _gong, NoBell),
        strike=strike,
        camera=made("camera", build_camera, NoCamera),
    )
    return Built(parts, tuple(faults))


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
    # A door's service has no terminal: its beep would reach nobody.
    return TerminalBell() if sys.stderr.isatty() else _spare_chime()


def _spare_chime() -> Bell:
    """What may still be heard where the configured chime does not work."""
    from doorbell_client.hardware.chime import FileChime
    from doorbell_client.hardware.sound import sound_folder
    from doorbell_client.hardware.spare_sound import spare_sound

    try:
        return FileChime(spare_sound(sound_folder()))
    except Exception as error:
        _log.error("no spare chime either: %r", error)
        return NoBell()


def _gong(config: Config) -> Bell:
    settings = config.gong
    if settings.pin is None:
        return NoBell()
    from doorbell_client.hardware.gong import RelayGong

    return RelayGong(settings.pin, settings.active_high)


def build_camera(config: Config, *, moves: bool = False) -> Camera:
    """The camera; it is opened when it is started, and again at the next press after a failure.

    `moves`: a folder of pictures gives the frames of a film in turn.
    """
    if config.camera.kind == "none":
        return NoCamera()
    from doorbell_client.hardware.camera_worker import CameraWorker

    return CameraWorker(partial(open_camera, config, moves=moves))


def open_camera(config: Config, *, moves: bool = False) -> "Device":
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

            return StillsCamera(settings.folder, moves=moves)
        case _:
            raise CameraError("This door has no camera.")
