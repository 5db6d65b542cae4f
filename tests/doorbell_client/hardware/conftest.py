"""Mock pins, real threads, real event loops."""

import time
from collections.abc import Callable, Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """gpiozero's mock pins as this machine's pins."""
    factory = MockFactory(pin_class=MockPWMPin)
    before, Device.pin_factory = Device.pin_factory, factory
    yield factory
    factory.reset()
    Device.pin_factory = before


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait, bounded, for what another thread is about to do."""

    def wait(condition: Callable[[], bool], seconds: float = 5) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.002)

    return wait
