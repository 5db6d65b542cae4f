"""Draws docs/images/wiring.svg from doorbell_client/hardware/wiring.py.

python docs/images/draw_wiring.py
"""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from doorbell_client.hardware.wiring import HEADER, WIRES, pin

SVG: Final = Path(__file__).with_name("wiring.svg")

INK, FAINT, PAPER = "#24292f", "#9aa4ae", "#ffffff"
RED, BLACK, BLUE, GREEN, ORANGE, PURPLE = (
    "#cf222e", "#24292f", "#0969da", "#1a7f37", "#bc4c00", "#8250df",
)  # fmt: skip

MINUS: Final = "\N{MINUS SIGN}"

LEFT_X, RIGHT_X, TOP, STEP = 430, 470, 110, 22
USED: Final = {wire.pin for wire in WIRES}


def pin_y(number: int) -> int:
    """The height of a header pin."""
    return TOP + STEP * ((number - 1) // 2)


def at(part: str, terminal: str = "") -> int:
    """The height of the pin of a part's terminal."""
    return pin_y(pin(part, terminal))


def text(x: float, y: float, words: str, *, size: int = 13, anchor: str = "start",
         colour: str = INK, weight: str = "normal") -> str:  # fmt: skip
    """Words, their baseline a little below `y`."""
    return (
        f'<text x="{x:g}" y="{y + size * 0.35:g}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}" font-weight="{weight}">{escape(words)}</text>'
    )


def wire(colour: str, *points: tuple[float, float]) -> str:
    """A wire along these corners."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'


def joint(x: float, y: float) -> str:
    """Where ground wires meet."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="{BLACK}"/>'


def box(x: float, y: float, width: float, height: float, title: str, *notes: str) -> str:
    """A part with its name."""
    lines = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="#f6f8fa" '
        f'stroke="{INK}" stroke-width="1.5"/>',
        text(x + 12, y + 18, title, size=14, weight="bold"),
    ]
    lines += [
        text(x + 12, y + 38 + 17 * n, note, size=12, colour="#57606a")
        for n, note in enumerate(notes)
    ]
    return "\n".join(lines)


def header() -> str:
    """The Pi's 40 pins, those in use in colour."""
    height = STEP * 19 + 36
    lines = [
        f'<rect x="{LEFT_X - 22}" y="{TOP - 18}" width="{RIGHT_X - LEFT_X + 44}" '
        f'height="{height}" rx="6" fill="#eaeef2" stroke="{INK}"/>',
        text(450, TOP - 48, "Raspberry Pi, 40-pin header", size=15, anchor="middle", weight="bold"),
        text(450, TOP - 30, "pin 1 is at the board's corner", size=12, anchor="middle",
             colour="#57606a"),
    ]  # fmt: skip
    for number, name in HEADER.items():
        odd = number % 2
        x, y = (LEFT_X if odd else RIGHT_X), pin_y(number)
        used = number in USED
        fill = {"GND": BLACK, "5V": RED, "3V3": RED}.get(name, BLUE) if used else "#ffffff"
        lines += [
            f'<circle cx="{x}" cy="{y}" r="9" fill="{fill}" stroke="{INK if used else FAINT}"/>',
            text(x, y, str(number), size=9, anchor="middle", colour=PAPER if used else FAINT),
            text(x - 30 if odd else x + 30, y, name, size=12, anchor="end" if odd else "start",
                 colour=INK if used else FAINT, weight="bold" if used else "normal"),
        ]  # fmt: skip
    return "\n".join(lines)


def button_and_lights() -> str:
    """The left side: three parts with a common ground."""
    edge, rail, pin_edge = 230, 262, 342
    ground = at("Button and both lights")
    parts = [
        box(40, 120, 190, 70, "Button", "closes to ground"),
        box(40, 215, 190, 70, "Button's light", "LED behind 330 Ω"),
        box(40, 310, 190, 70, "Status light", "LED behind 330 Ω"),
        wire(BLACK, (edge, 137), (rail, 137), (rail, ground), (pin_edge, ground)),
        wire(BLACK, (edge, 270), (rail, 270)),
        wire(BLACK, (edge, 365), (rail, 365)),
        joint(rail, 270),
        joint(rail, 365),
    ]
    for colour, y, bend, part in (
        (GREEN, 172, 330, "Button"),
        (ORANGE, 232, 315, "Button's light"),
        (ORANGE, 327, 300, "Status light"),
    ):
        corners = (edge, y), (bend, y), (bend, at(part)), (pin_edge, at(part))
        parts.append(wire(colour, *corners))
    return "\n".join(parts)


def keypad() -> str:
    """Below: four rows from the left, three columns from the right."""
    top, key = 640, 30
    parts = [
        box(330, top, 240, 180, ""),
        text(342, top + 150, "Keypad, 4 rows, 3 columns", size=14, weight="bold"),
        text(342, top + 168, "membrane or metal, without a chip", size=12, colour="#57606a"),
    ]
    for row, keys in enumerate(("123", "456", "789", "*0#")):
        y, pin_at = top + 32 + key * row, at("Keypad", f"row {keys[0]}")
        outer = 295 - 15 * row
        parts.append(wire(PURPLE, (342, pin_at), (outer, pin_at), (outer, y), (390, y)))
        for column, name in enumerate(keys):
            x = 398 + 50 * column
            parts.append(
                f'<rect x="{x - 13}" y="{y - 11}" width="26" height="22" rx="4" fill="{PAPER}" '
                f'stroke="{INK}"/>' + text(x, y, name, size=13, anchor="middle")
            )
    for column, name in enumerate("123"):
        x, bend, y = 398 + 50 * column, 570 + 15 * column, 580 + 15 * column
        pin_at = at("Keypad", f"column {name}")
        corners = (558, pin_at), (bend, pin_at), (bend, y), (x, y), (x, top + 21)
        parts.append(wire(BLUE, *corners))
    return "\n".join(parts)


def relays() -> str:
    """The right side: two relays and what they switch, kept apart from the Pi."""
    edge = 558
    parts = [
        box(650, 90, 150, 240, ""),
        text(725, 60, "Relay board", size=14, anchor="middle", weight="bold"),
        text(725, 78, "two channels, 3.3 V inputs", size=12, anchor="middle", colour="#57606a"),
        wire(
            RED,
            (edge - 25, at("Relay board", "VCC")),
            (610, at("Relay board", "VCC")),
            (610, 172),
            (650, 172),
        ),
        text(660, 172, "VCC 5 V", size=12),
        wire(GREEN, (edge, at("Relay board", "IN1")), (650, at("Relay board", "IN1"))),
        text(660, at("Relay board", "IN1"), "IN1", size=12),
        wire(ORANGE, (edge, at("Relay board", "IN2")), (650, at("Relay board", "IN2"))),
        text(660, at("Relay board", "IN2"), "IN2", size=12),
        wire(BLACK, (edge - 10, at("Relay board", "ground")), (650, at("Relay board", "ground"))),
        text(660, at("Relay board", "ground"), "GND", size=12),
        box(880, 90, 200, 75, "House's gong", "its old push-button's", "two wires, 8 to 24 V AC"),
        wire(GREEN, (800, 115), (880, 115)),
        wire(GREEN, (800, 145), (880, 145)),
        text(790, 115, "K1 COM", size=12, anchor="end"),
        text(790, 145, "NO", size=12, anchor="end"),
        box(880, 200, 200, 75, "12 V DC supply", "for the strike alone"),
        box(880, 335, 200, 95, "Door strike, 12 V DC", "fail-secure: locked", "without power"),
        text(790, 235, "K2 COM", size=12, anchor="end"),
        text(790, 310, "NO", size=12, anchor="end"),
        wire(ORANGE, (800, 235), (880, 235)),
        text(872, 223, "+", size=15, anchor="end"),
        wire(ORANGE, (800, 310), (840, 310), (840, 360), (880, 360)),
        text(872, 348, "+", size=15, anchor="end"),
        wire(BLACK, (880, 410), (860, 410), (860, 460), (1105, 460), (1105, 235), (1080, 235)),
        text(872, 399, MINUS, size=15, anchor="end"),
        text(1090, 223, MINUS, size=15),
        diode(820, 360, 410),
    ]
    return "\n".join(parts)


def diode(x: float, plus: float, minus: float) -> str:
    """1N4007 across the coil, its bar towards plus: it takes the coil's kick when it lets go."""
    middle = (plus + minus) / 2
    return "\n".join(
        [
            wire(INK, (840, plus), (x, plus), (x, middle - 8)),
            wire(INK, (x, middle + 8), (x, minus), (860, minus)),
            f'<polygon points="{x - 9},{middle + 8} {x + 9},{middle + 8} {x},{middle - 8}" '
            f'fill="{INK}"/>',
            wire(INK, (x - 9, middle - 8), (x + 9, middle - 8)),
            joint(840, plus),
            joint(860, minus),
            text(x - 14, middle, "1N4007", size=12, anchor="end"),
        ]
    )


def chime_and_camera() -> str:
    """Two that need no more than a line each."""
    return "\n".join(
        [
            box(650, 425, 150, 58, "Chime", "passive piezo"),
            wire(GREEN, (558, at("Chime (piezo)", "plus")), (650, at("Chime (piezo)", "plus"))),
            wire(BLACK, (548, at("Chime (piezo)", "ground")), (650, at("Chime (piezo)", "ground"))),
            box(40, 430, 190, 70, "Camera", "by its ribbon, to the", "Pi's camera socket"),
        ]
    )


def legend() -> str:
    """What must not be overlooked."""
    notes = (
        "Two grounds: the Pi's, and the strike's own supply. They meet nowhere.",
        "The diode's bar points to the strike's plus.",
        "Dots are joints; wires that cross without one do not touch.",
    )
    return "\n".join(
        text(650, 560 + 22 * n, note, size=13, colour="#57606a") for n, note in enumerate(notes)
    )


def drawing() -> str:
    """The whole picture."""
    parts = (header(), button_and_lights(), keypad(), relays(), chime_and_camera(), legend())
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1130 840" '
            'font-family="Helvetica, Arial, sans-serif" role="img" '
            'aria-label="Wiring of the door">',
            '<rect width="1130" height="840" fill="#ffffff"/>',
            *parts,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    SVG.write_text(drawing(), encoding="utf-8")
