"""The status light and the light in the button, with the habits of the GIF camera."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from doorbell_client.door.parts import Mood
from doorbell_client.hardware.pins import claimed
from doorbell_client.hardware.sequence import Pattern, Sequencer, Step


class Shine(NamedTuple):
    """Which of the two lights are on."""

    status: bool
    button: bool


DARK = Shine(status=False, button=False)
STATUS = Shine(status=True, button=False)
BUTTON = Shine(status=False, button=True)
BOTH = Shine(status=True, button=True)

PATTERNS: Mapping[Mood, Pattern[Shine]] = MappingProxyType(
    {
        Mood.OFF: Pattern([Step(DARK, 0)]),
        Mood.READY: Pattern([Step(STATUS, 0)]),
        Mood.FAULT: Pattern([Step(STATUS, 2.7), Step(DARK, 0.3)], again=0),
        Mood.OPEN: Pattern([Step(BOTH, 0)]),
        Mood.CAPTURING: Pattern([Step(BUTTON, 0.06), Step(DARK, 0.06)], again=0),
        Mood.WAITING: Pattern([Step(STATUS, 0.4), Step(DARK, 0.4)], again=0),
        Mood.WELCOME: Pattern([Step(BOTH, 0.8), Step(DARK, 0.8)], again=0),
        Mood.ERROR: Pattern([Step(STATUS, 2), Step(DARK, 1), Step(STATUS, 1)], again=1),
        Mood.OFFLINE: Pattern(
            [Step(STATUS, 0.1), Step(DARK, 0.15), Step(STATUS, 0.1), Step(DARK, 1.65)], again=0
        ),
    }
)
"""How each mood looks; seconds."""


def slower(pattern: Pattern[Shine], factor: float) -> Pattern[Shine]:
    """The same pattern with every step `factor` times as long (tests make it shorter)."""
    steps = [Step(step.state, step.seconds * factor) for step in pattern.steps]
    return Pattern(steps, pattern.again)


class LedLights:
    """Up to two LEDs, each between a pin (through a resistor) and ground."""

    def __init__(self, status_pin: int | None, button_pin: int | None, pace: float = 1) -> None:
        """BCM numbers, None for a light that is not there; `pace` stretches every pattern.

        Dark at first. Raises HardwareError.
        """
        self._pace = pace
        self._mood = Mood.OFF
        self._status = _led("status light", status_pin)
        try:
            self._button = _led("button's light", button_pin)
        except BaseException:
            _close(self._status)
            raise
        self._sequencer: Sequencer[Shine] = Sequencer("lights", self._shine)

    def show(self, mood: Mood) -> None:
        """Show this mood until told another; the same mood again goes on undisturbed."""
        if mood is not self._mood:
            self._mood = mood
            self._sequencer.play(slower(PATTERNS[mood], self._pace))

    def close(self) -> None:
        """Dark, pins free."""
        self._sequencer.close()
        _close(self._status)
        _close(self._button)

    def _shine(self, shine: Shine) -> None:
        if self._status is not None:
            self._status.value = shine.status
        if self._button is not None:
            self._button.value = shine.button


def _led(name: str, pin: int | None) -> Any:
    if pin is None:
        return None
    with claimed(f"The {name} on GPIO {pin}"):
        from gpiozero import LED

        return LED(pin)


def _close(led: Any) -> None:
    if led is not None:
        led.close()
