"""The device's own program, `doorbell run`, on pins that only seem to be: run by `doors.py`.

What a person would do at the door comes in as lines (`press`, `type 042137`); what a person would
notice goes out as lines of JSON: the gong was struck, the strike was energised. All between is the
program that runs on a Raspberry Pi, with its configuration, its parts, its spool and its link. What
it logs goes to the standard error, as ever.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Final

from gpiozero import Device

from doorbell_client.__main__ import main
from doorbell_client.hardware import wiring
from proof.faults.matrix import Matrix, MatrixPin

BUTTON: Final = wiring.bcm("Button")
GONG: Final = wiring.bcm("Relay board", "IN1")
STRIKE: Final = wiring.bcm("Relay board", "IN2")
ROWS: Final = tuple(wiring.bcm("Keypad", f"row {key}") for key in "147*")
COLUMNS: Final = tuple(wiring.bcm("Keypad", f"column {key}") for key in "123")
SEEN: Final = {GONG: "gong", STRIKE: "strike"}
FINGER: Final = 0.12
"""Seconds that a finger stays on a key, and off it."""


def tell(what: str) -> None:
    """One line, with the machine's monotonic seconds."""
    sys.stdout.write(json.dumps({"what": what, "at": time.monotonic()}) + "\n")
    sys.stdout.flush()


class SeenPin(MatrixPin):
    """Tells when the gong's or the strike's relay closes."""

    def _set_state(self, value: float) -> None:
        before = bool(self.state)
        super()._set_state(value)
        number = int(self.info.name.removeprefix("GPIO"))
        if number in SEEN and value and not before:
            tell(SEEN[number])


def configuration(picture: str, spool: str) -> str:
    """A door that is wired as docs/hardware.md says; its camera gives the picture as it is now."""
    return f"""\
[button]
pin = {BUTTON}

[chime]
kind = "none"

[gong]
pin = {GONG}

[keypad]
rows = {list(ROWS)}
columns = {list(COLUMNS)}

[strike]
pin = {STRIKE}

[camera]
kind = "stills"
folder = {json.dumps(picture)}

[film]
frames = 0

[spool]
folder = {json.dumps(spool)}
"""


def _visitor(matrix: Matrix) -> None:
    """Fingers, as they are told."""
    button = matrix.factory.pin(BUTTON)
    for line in sys.stdin:
        word, _, keys = line.strip().partition(" ")
        if word == "press":
            tell("pressed")
            button.drive_low()
            time.sleep(FINGER)
            button.drive_high()
        for key in keys:
            matrix.press(key)
            time.sleep(FINGER)
            matrix.let_go(key)
            time.sleep(FINGER)
    # Whoever looks on is gone: nobody would end this program.
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    pins = Matrix(ROWS, COLUMNS, SeenPin)
    Device.pin_factory = pins.factory
    threading.Thread(target=_visitor, args=(pins,), daemon=True).start()
    sys.exit(main(["run", "--verbose"]))
