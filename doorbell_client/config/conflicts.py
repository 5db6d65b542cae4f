"""What the type of one key cannot say: a URL that is not safe, a pin named twice, half a part."""

from collections.abc import Iterator
from typing import NamedTuple

from doorbell_client.config.schema import URL_EXPECTED, Config
from doorbell_client.config.validators import is_stack_url


class Conflict(NamedTuple):
    """One key that does not go with the others."""

    section: str
    key: str
    what: str
    expected: str


def conflicts(config: Config) -> Iterator[Conflict]:
    """All of them. Whether this machine has the pins is not looked at."""
    yield from _urls(config)
    yield from _halves(config)
    yield from _shared_pins(config)


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
    yield from (("keypad", "rows", pin) for pin in config.keypad.rows or ())
    yield from (("keypad", "columns", pin) for pin in config.keypad.columns or ())


def _urls(config: Config) -> Iterator[Conflict]:
    url = config.cloud.url
    if url and not is_stack_url(url):
        yield Conflict("cloud", "url", f"`url` in [cloud] cannot be {url!r}", URL_EXPECTED)


def _halves(config: Config) -> Iterator[Conflict]:
    chime, keypad = config.chime, config.keypad
    if chime.kind == "tone" and chime.pin is None:
        what = '`kind` in [chime] is "tone" without a `pin`'
        yield Conflict("chime", "kind", what, "the piezo's BCM number in `pin`")
    if chime.kind == "file" and chime.file is None:
        what = '`kind` in [chime] is "file" without a `file`'
        yield Conflict("chime", "kind", what, "a sound such as ding-dong.wav in `file`")
    if (keypad.rows is None) is not (keypad.columns is None):
        here, missing = ("rows", "columns") if keypad.rows else ("columns", "rows")
        what = f"[keypad] has `{here}` and no `{missing}`"
        yield Conflict("keypad", here, what, "both")


def _shared_pins(config: Config) -> Iterator[Conflict]:
    taken: dict[int, str] = {}
    for section, key, pin in named_pins(config):
        name = f"`{key}` in [{section}]"
        if pin in taken:
            what = f"{name} names GPIO {pin}, as does {taken[pin]}"
            yield Conflict(section, key, what, "a pin of its own")
        taken.setdefault(pin, name)
