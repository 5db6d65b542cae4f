"""What no key has wrong alone: a pin that is named twice, half a part."""

from collections.abc import Iterator
from typing import NamedTuple

from doorbell_client.config.schema import Config


class Conflict(NamedTuple):
    """One key that does not go with the others."""

    section: str
    key: str
    what: str
    expected: str


def conflicts(config: Config) -> Iterator[Conflict]:
    """All of them; none says that the door can be built where there are pins."""
    yield from _halves(config)
    taken: dict[int, str] = {}
    for section, key, pin in named_pins(config):
        name = f"`{key}` in [{section}]"
        if pin in taken:
            what = f"{name} names GPIO {pin}, as does {taken[pin]}"
            yield Conflict(section, key, what, "a pin of its own")
        taken.setdefault(pin, name)


def named_pins(config: Config) -> Iterator[tuple[str, str, int]]:
    """Section, key and BCM number of every pin that the door will use."""
    single = [
        ("button", "pin", config.button.pin),
        ("lights", "status_pin", config.lights.status_pin),
        ("lights", "button_pin", config.lights.button_pin),
        ("chime", "pin", config.chime.pin if config.chime.kind == "tone" else None),
        ("gong", "pin", config.gong.pin),
        ("strike", "pin", config.strike.pin),
    ]
    yield from ((section, key, pin) for section, key, pin in single if pin is not None)
    yield from (("keypad", "rows", pin) for pin in config.keypad.rows)
    yield from (("keypad", "columns", pin) for pin in config.keypad.columns)


def _halves(config: Config) -> Iterator[Conflict]:
    chime, keypad = config.chime, config.keypad
    if chime.kind == "tone" and chime.pin is None:
        what = '`kind` in [chime] is "tone" without a `pin`'
        yield Conflict("chime", "kind", what, "the piezo's BCM number in `pin`")
    if chime.kind == "file" and chime.file is None:
        what = '`kind` in [chime] is "file" without a `file`'
        yield Conflict("chime", "kind", what, "a sound such as ding-dong.wav in `file`")
    if bool(keypad.rows) is not bool(keypad.columns):
        here, missing = ("rows", "columns") if keypad.rows else ("columns", "rows")
        what = f"[keypad] has `{here}` and no `{missing}`"
        yield Conflict("keypad", here, what, "both")
