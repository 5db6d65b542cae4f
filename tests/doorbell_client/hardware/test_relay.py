"""A relay is never on unless told, not even for the moment in which its pin is claimed.

lgpio, which drives a Raspberry Pi's pins, is a recorder here; gpiozero's own code for it is real.
"""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from gpiozero import Device

from doorbell_client.hardware.gong import RelayGong
from doorbell_client.hardware.strike import RelayStrike

PIN = 24
IS_OUTPUT = 2


class Lines(ModuleType):
    """lgpio, as far as gpiozero's pins use it: remembers each line's direction and level."""

    BOTH_EDGES, RISING_EDGE, FALLING_EDGE = 3, 1, 2
    SET_PULL_NONE, SET_PULL_UP, SET_PULL_DOWN = 0, 1, 2

    def __init__(self) -> None:
        super().__init__("lgpio")
        self.driven: list[int | None] = []
        """What the line was told in turn; None: nothing drives it."""

    def gpiochip_open(self, chip: int) -> int:
        return chip

    def gpiochip_close(self, handle: int) -> None:
        """The kernel keeps outputs as they were."""

    def gpio_claim_input(self, handle: int, number: int, flags: int = 0) -> None:
        self.driven.append(None)

    def gpio_claim_output(self, handle: int, number: int, level: int = 0, flags: int = 0) -> None:
        self.driven.append(level)

    def gpio_write(self, handle: int, number: int, level: int) -> None:
        self.driven.append(int(level))

    def gpio_read(self, handle: int, number: int) -> int:
        return self.driven[-1] or 0

    def gpio_get_mode(self, handle: int, number: int) -> int:
        return 0 if self.driven[-1] is None else IS_OUTPUT


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    recorder = Lines()
    monkeypatch.setitem(sys.modules, "lgpio", recorder)
    for name in ("gpiozero.pins.lgpio", "doorbell_client.hardware.steady_pin"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    from gpiozero.pins.lgpio import LGPIOFactory

    monkeypatch.setattr(LGPIOFactory, "_get_revision", lambda self: 0xC03114)  # a Pi 4
    before, Device.pin_factory = Device.pin_factory, LGPIOFactory(chip=0)
    yield recorder
    Device.pin_factory.close()
    Device.pin_factory = before


def make(part: type, *, active_high: bool) -> Any:
    return part(PIN, active_high=active_high)


@pytest.mark.parametrize("part", [RelayStrike, RelayGong])
@pytest.mark.parametrize("active_high", [True, False])
def test_a_relay_is_off_from_the_moment_its_pin_is_claimed_until_long_after_the_end(
    lines: Lines, part: type, active_high: bool
) -> None:
    on, off = int(active_high), int(not active_high)
    relay = make(part, active_high=active_high)
    relay.close()
    Device.pin_factory.close()  # as at the end of the program
    assert on not in lines.driven
    assert lines.driven[-1] == off, "nothing lets the pin float"


def test_an_opening_that_is_under_way_ends_with_the_program(lines: Lines) -> None:
    strike = RelayStrike(PIN, active_high=False)
    strike.energise(30)
    strike.close()
    Device.pin_factory.close()
    assert lines.driven[-1] == 1
