"""How the door is wired in docs/hardware.md: its table, picture and configuration follow this."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Wire(NamedTuple):
    """One wire of the 40-pin header."""

    part: str
    terminal: str
    pin: int
    """Where it sits on the header, 1 to 40."""


_PINS: Final = """
    3V3     5V
    GPIO2   5V
    GPIO3   GND
    GPIO4   GPIO14
    GND     GPIO15
    GPIO17  GPIO18
    GPIO27  GND
    GPIO22  GPIO23
    3V3     GPIO24
    GPIO10  GND
    GPIO9   GPIO25
    GPIO11  GPIO8
    GND     GPIO7
    GPIO0   GPIO1
    GPIO5   GND
    GPIO6   GPIO12
    GPIO13  GND
    GPIO19  GPIO16
    GPIO26  GPIO20
    GND     GPIO21
"""

HEADER: Final[Mapping[int, str]] = MappingProxyType(dict(enumerate(_PINS.split(), start=1)))
"""What each pin of a Raspberry Pi's header is, in BCM's names (pinout.xyz has the same)."""

WIRES: Final = (
    Wire("Button", "contact", 11),
    Wire("Button's light", "anode, through 330 Ω", 13),
    Wire("Status light", "anode, through 330 Ω", 15),
    Wire("Button and both lights", "ground", 25),
    Wire("Keypad", "row 1 2 3", 35),
    Wire("Keypad", "row 4 5 6", 33),
    Wire("Keypad", "row 7 8 9", 31),
    Wire("Keypad", "row * 0 #", 29),
    Wire("Keypad", "column 1 4 7 *", 40),
    Wire("Keypad", "column 2 5 8 0", 38),
    Wire("Keypad", "column 3 6 9 #", 36),
    Wire("Chime (piezo)", "plus", 32),
    Wire("Chime (piezo)", "ground", 34),
    Wire("Relay board", "VCC", 2),
    Wire("Relay board", "IN1, the gong", 16),
    Wire("Relay board", "IN2, the strike", 18),
    Wire("Relay board", "ground", 20),
)
"""The strike and the gong sit on pins that the Pi pulls down from power-on (GPIO9 to GPIO27)."""


def pin(part: str, terminal: str = "") -> int:
    """Where on the header a part's terminal that starts so is."""
    (found,) = (
        wire.pin for wire in WIRES if wire.part == part and wire.terminal.startswith(terminal)
    )
    return found


def bcm(part: str, terminal: str = "") -> int:
    """The BCM number of a part's terminal that starts so."""
    return int(HEADER[pin(part, terminal)].removeprefix("GPIO"))


def toml() -> str:
    """The configuration of a door that is wired so."""
    rows = ", ".join(str(bcm("Keypad", f"row {key}")) for key in "147*")
    columns = ", ".join(str(bcm("Keypad", f"column {key}")) for key in "123")
    return f"""\
[button]
pin = {bcm("Button")}

[lights]
status_pin = {bcm("Status light")}
button_pin = {bcm("Button's light")}

[chime]
kind = "tone"
pin = {bcm("Chime (piezo)", "plus")}

[gong]
pin = {bcm("Relay board", "IN1")}

[keypad]
rows = [{rows}]
columns = [{columns}]

[strike]
pin = {bcm("Relay board", "IN2")}

[camera]
kind = "picamera2"
"""
