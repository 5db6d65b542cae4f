"""Nothing opens the door but `energise`, and nothing keeps it open."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from gpiozero import OutputDevice
from gpiozero.pins.mock import MockFactory

from doorbell_client.errors import HardwareError
from doorbell_client.hardware.absent import NoStrike
from doorbell_client.hardware.strike import MAX_SECONDS, RelayStrike

PIN = 24

Wait = Callable[[Callable[[], bool]], None]


def test_the_relay_is_on_for_the_time_told_and_then_off(
    pins: MockFactory, eventually: Wait
) -> None:
    strike = RelayStrike(PIN)
    pin = pins.pin(PIN)
    started = time.monotonic()
    strike.energise(0.6)
    assert time.monotonic() - started < 0.5
    eventually(lambda: pin.state == 1)
    eventually(lambda: pin.state == 0)
    assert [state.state for state in pin.states] == [0, 1, 0]
    assert pin.states[2].timestamp == pytest.approx(0.6, abs=0.2)
    strike.close()


@pytest.mark.parametrize("active_high", [True, False])
def test_the_relay_is_off_when_made_and_when_closed(pins: MockFactory, active_high: bool) -> None:
    pin = pins.pin(PIN)
    strike = RelayStrike(PIN, active_high=active_high)
    off = not active_high
    assert pin.state == off
    strike.energise(5)
    time.sleep(0.05)
    assert pin.state != off
    strike.close()
    assert (pin.function, pin.state) == ("output", off), "a floating input may close a relay"
    pins.close()  # as at the end of the program
    assert (pin.function, pin.state) == ("output", off)
    RelayStrike(PIN, active_high=active_high).close()


def test_a_second_opening_while_open_lengthens_the_first(
    pins: MockFactory, eventually: Wait
) -> None:
    strike = RelayStrike(PIN)
    pin = pins.pin(PIN)
    strike.energise(0.3)
    time.sleep(0.15)
    strike.energise(0.3)
    eventually(lambda: pin.state == 0)
    assert [state.state for state in pin.states] == [0, 1, 0]  # never released in between
    assert pin.states[2].timestamp == pytest.approx(0.45, abs=0.1)
    strike.close()


def test_a_shorter_second_opening_does_not_cut_the_first(
    pins: MockFactory, eventually: Wait
) -> None:
    strike = RelayStrike(PIN)
    pin = pins.pin(PIN)
    strike.energise(0.4)
    strike.energise(0.05)
    eventually(lambda: pin.state == 1)
    eventually(lambda: pin.state == 0)
    # A busy machine may be late; the shorter one would have ended it after 0.05 s.
    assert 0.35 < pin.states[-1].timestamp < 1.0
    strike.close()


def test_no_answer_keeps_it_open_for_longer_than_the_bound(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulses: list[float] = []

    class Timed(threading.Timer):
        def __init__(self, interval: float, function: Callable[[], None]) -> None:
            super().__init__(interval, function)
            pulses.append(interval)

    monkeypatch.setattr(threading, "Timer", Timed)
    strike = RelayStrike(PIN)
    strike.energise(86_400)
    strike.energise(86_400)
    assert len(pulses) == 2
    assert all(pulse <= MAX_SECONDS + 0.1 for pulse in pulses)
    strike.close()


def test_openings_that_follow_one_another_are_no_longer_than_the_bound_together(
    pins: MockFactory, eventually: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorbell_client.hardware.strike.REST_SECONDS", 0.3)
    strike = RelayStrike(PIN, max_seconds=0.5)
    pin = pins.pin(PIN)
    started = time.monotonic()
    refused = 0
    while time.monotonic() - started < 0.7:
        try:
            strike.energise(0.2)
        except HardwareError:
            refused += 1
        time.sleep(0.05)
    assert refused
    assert pin.state == 0
    on = sum(held.timestamp for held in pin.states if not held.state)
    assert on == pytest.approx(0.5, abs=0.1)
    time.sleep(0.2)
    strike.energise(0.1)
    eventually(lambda: pin.state == 1)
    strike.close()


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none_opens_nothing(pins: MockFactory, seconds: float) -> None:
    strike = RelayStrike(PIN)
    with pytest.raises(ValueError, match="above 0"):
        strike.energise(seconds)
    assert [state.state for state in pins.pin(PIN).states] == [0]
    strike.close()


@contextmanager
def no_thread_is_left() -> Iterator[None]:
    """What Python says when the system gives it no more threads."""

    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        yield


@pytest.mark.parametrize("active_high", [True, False])
def test_without_a_thread_to_end_the_pulse_the_relay_is_let_go(
    pins: MockFactory, active_high: bool
) -> None:
    """An opening that lengthens another cannot be ended either: both are over at once."""
    strike = RelayStrike(PIN, active_high=active_high)
    pin = pins.pin(PIN)
    off = not active_high
    strike.energise(5)
    assert pin.state != off
    with no_thread_is_left():
        with pytest.raises(HardwareError, match="cannot be driven"):
            strike.energise(5)
        assert pin.state == off
        with pytest.raises(HardwareError, match="cannot be driven"):
            strike.energise(5)
        assert pin.state == off
    strike.close()
    assert pin.state == off


def test_once_there_are_threads_again_the_strike_opens_and_ends_as_before(
    pins: MockFactory, eventually: Wait
) -> None:
    strike = RelayStrike(PIN)
    pin = pins.pin(PIN)
    with no_thread_is_left(), pytest.raises(HardwareError, match="cannot be driven"):
        strike.energise(5)
    strike.energise(0.1)
    assert pin.state == 1
    eventually(lambda: pin.state == 0)
    strike.close()


def test_a_relay_that_cannot_be_switched_is_told_and_leaves_nothing_on(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    strike = RelayStrike(PIN)

    def on(_: OutputDevice) -> None:
        raise OSError("the pin is gone")

    monkeypatch.setattr(OutputDevice, "on", on)
    with pytest.raises(HardwareError, match="the pin is gone"):
        strike.energise(5)
    assert pins.pin(PIN).state == 0
    strike.close()


def test_a_closed_strike_refuses(pins: MockFactory) -> None:
    strike = RelayStrike(PIN)
    strike.close()
    with pytest.raises(HardwareError):
        strike.energise(1)


def test_a_door_without_a_strike_never_says_that_it_opened() -> None:
    strike = NoStrike()
    with pytest.raises(HardwareError, match="no strike"):
        strike.energise(5)
    strike.close()
