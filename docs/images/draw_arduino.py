"""Draws docs/images/arduino.svg: the camera's eight wires to an UNO with an Ethernet Shield 2.

python -m docs.images.draw_arduino
"""

from pathlib import Path
from typing import Final, NamedTuple

from docs.images.draw_wiring import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, box, text, wire

SVG: Final = Path(__file__).with_name("arduino.svg")


class Lead(NamedTuple):
    """One wire of the camera."""

    camera: str
    board: str
    """As it is printed on the board."""
    what: str
    colour: str


LEADS: Final = (
    Lead("CS", "7", "whose turn it is", ORANGE),
    Lead("MOSI", "11", "to the camera", BLUE),
    Lead("MISO", "12", "from the camera", GREEN),
    Lead("SCK", "13", "clock", PURPLE),
    Lead("GND", "GND", "ground", BLACK),
    Lead("VCC", "5V", "power", RED),
    Lead("SDA", "A4", "the sensor's settings", BLUE),
    Lead("SCL", "A5", "the sensor's clock", PURPLE),
)
"""In the order of the camera's pins."""

TOP: Final = 118
STEP: Final = 34


def drawing() -> str:
    """The whole picture."""
    height = TOP + STEP * len(LEADS)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 760 {height + 60}" font-family="Helvetica, Arial, sans-serif" role="img" '
        'aria-label="Wiring of the Arduino">',
        f'<rect width="760" height="{height + 60}" fill="#ffffff"/>',
        box(30, 40, 200, height - 40, "ArduCAM Mini", "2MP Plus, OV2640"),
        box(500, 40, 230, height - 40, "Arduino UNO", "under an Ethernet Shield 2"),
    ]
    for number, lead in enumerate(LEADS):
        y = TOP + STEP * number
        parts += [
            text(218, y, lead.camera, size=14, anchor="end", weight="bold"),
            wire(lead.colour, (230, y), (500, y)),
            text(365, y - 11, lead.what, size=12, anchor="middle", colour="#57606a"),
            text(512, y, lead.board, size=14, weight="bold"),
        ]
    note = "The shield takes 10 and 4 for itself, and 11, 12 and 13 together with the camera."
    parts += [text(380, height + 30, note, size=13, anchor="middle", colour="#57606a"), "</svg>\n"]
    return "\n".join(parts)


if __name__ == "__main__":
    SVG.write_text(drawing(), encoding="utf-8")
