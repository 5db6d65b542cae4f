"""docs/hardware.md says what the code does: pins, picture, configuration."""

import re
import runpy
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from doorbell_client import hardware
from doorbell_client.commands.parser import COMMANDS
from doorbell_client.config.keys import all_keys
from doorbell_client.config.reader import read_file
from doorbell_client.hardware import wiring
from doorbell_client.hardware.lights import PATTERNS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "hardware.md").read_text(encoding="utf-8")


def rows(below: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    part = PAGE.split(f"## {below}\n", maxsplit=1)[1]
    table = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert table, below
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def shown(value: object) -> str:
    """A default as the page writes it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"`{value:.0f}`" if value == int(value) else f"`{value}`"
    return f'`"{value}"`'


def settings_rows() -> list[list[str]]:
    """What the table of all keys must hold."""
    return [
        [f"`{key.section}`", f"`{key.name}`", shown(key.default), key.about, key.expected]
        for key in all_keys()
    ]


def test_the_wiring_table_is_the_wiring() -> None:
    assert rows("Wiring") == [
        [wire.part, wire.terminal, wiring.HEADER[wire.pin], str(wire.pin)] for wire in wiring.WIRES
    ]


def test_no_pin_is_wired_twice() -> None:
    pins = [wire.pin for wire in wiring.WIRES]
    assert len(set(pins)) == len(pins)


def test_the_header_is_a_raspberry_pis() -> None:
    header = MockFactory().board_info.headers["J8"]
    assert {number: pin.name for number, pin in header.pins.items()} == dict(wiring.HEADER)


def test_strike_and_gong_are_on_pins_that_are_low_from_power_on() -> None:
    for relay in ("IN1", "IN2"):
        assert 9 <= wiring.bcm("Relay board", relay) <= 27


def test_the_configuration_on_the_page_is_the_wirings_and_makes_a_door(
    tmp_path: Path, pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (snippet,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert snippet == wiring.toml()
    file = tmp_path / "doorbell.toml"
    file.write_text(snippet)
    door = hardware.build(read_file(file)).parts
    names = {type(part).__name__ for part in door}
    assert not any(name.startswith("No") for name in names)
    for part in door:
        part.close()


def test_the_keypad_beside_an_i2s_amplifier_takes_pins_that_are_free() -> None:
    lists = re.search(r"`rows = \[(.*?)\]` and `columns = \[(.*?)\]`", PAGE)
    assert lists
    keypad = [int(number) for group in lists.groups() for number in group.split(",")]
    of_others = {
        int(wiring.HEADER[wire.pin].removeprefix("GPIO"))
        for wire in wiring.WIRES
        if wire.part != "Keypad" and wiring.HEADER[wire.pin].startswith("GPIO")
    }
    assert len(set(keypad)) == 7
    assert not set(keypad) & ({18, 19, 20, 21} | of_others)


def test_the_page_names_every_command_that_a_maker_needs() -> None:
    for command in (
        "init",
        "doctor",
        "try",
        "install-service",
        "uninstall-service",
        "status",
        "chime",
    ):
        assert command in COMMANDS
        assert re.search(rf"doorbell {command}\b", PAGE), command


def test_the_picture_is_drawn_from_the_wiring() -> None:
    drawing = runpy.run_path(str(DOCS / "images" / "draw_wiring.py"))["drawing"]()
    assert (DOCS / "images" / "wiring.svg").read_text(encoding="utf-8") == drawing


def test_every_key_of_the_configuration_is_told() -> None:
    assert rows("Every key of the configuration") == settings_rows()


def test_every_mood_but_darkness_is_told() -> None:
    assert len(rows("What the lights say")) == len(PATTERNS) - 1
