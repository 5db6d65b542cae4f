"""What the type of one key cannot say: a URL that is not safe, a pin named twice, half a part."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from doorbell_client.config.durations import seconds_of
from doorbell_client.config.schema import (
    BROKER_EXPECTED,
    RECIPIENT_EXPECTED,
    URL_EXPECTED,
    Config,
)
from doorbell_client.config.validators import is_broker_url, is_recipient_url, is_stack_url

SHORTEST_EVERY: Final = 5
"""Seconds; more pictures than that are a film, and a bill."""

PULLED_UP: Final = range(9)
"""GPIO0 to GPIO8 are pulled up from power-on, the others down (BCM2835 peripherals, table 6-31)."""


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
    yield from _strike_at_power_on(config)
    yield from _shared_pins(config)
    yield from _schedule(config)


def named_pins(config: Config) -> Iterator[tuple[str, str, int]]:
    """Section, key and BCM number of every pin that the door will use."""
    single = [
        ("button", "pin", config.button.pin),
        ("lights", "status_pin", config.lights.status_pin),
        ("lights", "button_pin", config.lights.button_pin),
        ("chime", "pin", config.chime.pin if config.chime.sound == "tone" else None),
        ("gong", "pin", config.gong.pin),
        ("strike", "pin", config.strike.pin),
    ]
    yield from ((section, key, pin) for section, key, pin in single if pin is not None)
    yield from (("keypad", "rows", pin) for pin in config.keypad.rows or ())
    yield from (("keypad", "columns", pin) for pin in config.keypad.columns or ())


def _urls(config: Config) -> Iterator[Conflict]:
    url = config.cloud.url
    if url and not (is_stack_url(url) or is_recipient_url(url)):
        yield Conflict("cloud", "url", f"`url` in [cloud] cannot be {url!r}", URL_EXPECTED)
    broker = config.bridge.broker
    if broker and not is_broker_url(broker):
        what = f"`broker` in [bridge] cannot be {broker!r}"
        yield Conflict("bridge", "broker", what, BROKER_EXPECTED)
    recipient = config.relay.recipient
    if recipient and not is_recipient_url(recipient):
        what = f"`recipient` in [relay] cannot be {recipient!r}"
        yield Conflict("relay", "recipient", what, RECIPIENT_EXPECTED)


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


def _strike_at_power_on(config: Config) -> Iterator[Conflict]:
    """A pin that the Pi itself pulls to the strike's active level opens the door at every boot."""
    pin, active_high = config.strike.pin, config.strike.active_high
    if pin is None or (pin in PULLED_UP) is not active_high:
        return
    level, other = ("high", "GPIO9 to GPIO27") if active_high else ("low", "GPIO0 to GPIO8")
    what = f"`pin` in [strike] is GPIO {pin}, which is {level} from power-on: the door would open"
    yield Conflict("strike", "pin", what, f"one of {other} for a relay that closes on {level}")


def _shared_pins(config: Config) -> Iterator[Conflict]:
    taken: dict[int, str] = {}
    for section, key, pin in named_pins(config):
        name = f"`{key}` in [{section}]"
        if pin in taken:
            what = f"{name} names GPIO {pin}, as does {taken[pin]}"
            yield Conflict(section, key, what, "a pin of its own")
        taken.setdefault(pin, name)


def _schedule(config: Config) -> Iterator[Conflict]:
    every = config.timelapse.every
    if seconds_of(every) < SHORTEST_EVERY:
        what = f"`every` in [timelapse] cannot be {every!r}"
        yield Conflict("timelapse", "every", what, f"at least {SHORTEST_EVERY}s")
