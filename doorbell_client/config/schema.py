"""The configuration's shape: one frozen class per section, one field per key.

`config.py` fills it from a TOML file and the environment. A part whose pin is not named is not
there: a laptop has no pins, many doors have no keypad.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from doorbell_client.config.validators import (
    Check,
    number,
    one_of,
    path,
    pin,
    pins,
    socket_url,
    switch,
    text,
    whole,
)

_PIN: Final[Check[int | None]] = pin()


@dataclass(frozen=True)
class Cloud:
    """Where the house lives."""

    url: Annotated[str, socket_url(), "the stack's WebSocket URL, as `make outputs` prints it"] = ""
    token_file: Annotated[
        Path, path(), "holds this device's token; relative to the configuration"
    ] = Path("token")


@dataclass(frozen=True)
class DoorParts:
    """Which parts this door is made of."""

    parts: Annotated[
        str,
        one_of("hardware", "simulated"),
        "`simulated` is a door in a terminal: a line typed is a press or a code",
    ] = "hardware"


@dataclass(frozen=True)
class Button:
    """The button at the door."""

    pin: Annotated[int | None, _PIN, "BCM number; the button connects it to ground"] = None


@dataclass(frozen=True)
class Lights:
    """The status light and the light in the button."""

    status_pin: Annotated[int | None, _PIN, "BCM number"] = None
    button_pin: Annotated[int | None, _PIN, "BCM number"] = None


@dataclass(frozen=True)
class Chime:
    """The bell outside, and the voice of `doorbell chime`."""

    kind: Annotated[
        str, one_of("tone", "file", "terminal", "none"), "a piezo, a WAV, or a terminal's"
    ] = "terminal"
    pin: Annotated[int | None, _PIN, "BCM number of the piezo, for `tone`"] = None
    file: Annotated[Path | None, path(), "the sound, for `file`"] = None


@dataclass(frozen=True)
class Gong:
    """The house's own gong, behind a relay."""

    pin: Annotated[int | None, _PIN, "BCM number of the relay"] = None
    active_high: Annotated[bool, switch(), "false for relay boards that close on low"] = True


@dataclass(frozen=True)
class Keypad:
    """A 4x3 matrix."""

    rows: Annotated[tuple[int, ...], pins(4), "BCM numbers, from the row of 1 2 3 down"] = ()
    columns: Annotated[tuple[int, ...], pins(3), "BCM numbers, from the column of 1 4 7"] = ()


@dataclass(frozen=True)
class Strike:
    """The electric strike, behind a relay."""

    pin: Annotated[int | None, _PIN, "BCM number of the relay"] = None
    active_high: Annotated[bool, switch(), "false for relay boards that close on low"] = True
    max_seconds: Annotated[float, number(1, 30), "never energised for longer"] = 10.0


@dataclass(frozen=True)
class Camera:
    """What takes the picture of a press."""

    kind: Annotated[
        str, one_of("picamera2", "webcam", "stills", "none"), "`stills` is a folder of JPEGs"
    ] = "stills"
    width: Annotated[int, whole(160, 4096), "pixels"] = 1280
    height: Annotated[int, whole(120, 4096), "pixels"] = 720
    device: Annotated[str, text(), "for `webcam`"] = "/dev/video0"
    folder: Annotated[Path, path(), "for `stills`; relative to the configuration"] = Path("stills")
    timeout: Annotated[float, number(1, 30), "seconds after which a press goes without a photo"] = (
        6.0
    )


@dataclass(frozen=True)
class Spool:
    """Presses that are not delivered yet."""

    folder: Annotated[Path | None, path(), "where; else systemd's or the user's state folder"] = (
        None
    )
    max_bytes: Annotated[int, whole(100_000, 1_000_000_000_000), "the oldest give way"] = (
        200_000_000
    )
    max_age: Annotated[float, number(60, 30 * 86400), "seconds; older presses give way"] = (
        7 * 86400.0
    )


@dataclass(frozen=True)
class Config:
    """Everything a device is told by its owner."""

    cloud: Cloud = field(default_factory=Cloud)
    door: DoorParts = field(default_factory=DoorParts)
    button: Button = field(default_factory=Button)
    lights: Lights = field(default_factory=Lights)
    chime: Chime = field(default_factory=Chime)
    gong: Gong = field(default_factory=Gong)
    keypad: Keypad = field(default_factory=Keypad)
    strike: Strike = field(default_factory=Strike)
    camera: Camera = field(default_factory=Camera)
    spool: Spool = field(default_factory=Spool)
