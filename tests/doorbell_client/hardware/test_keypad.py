"""Fingers on a simulated matrix of mock pins; the scanner must read what they meant."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorbell_client.door.parts import Key, Notice
from doorbell_client.errors import HardwareError
from doorbell_client.hardware.keypad import STEADY_SCANS, Debounce, MatrixKeypad
from proof.faults.matrix import KEYS, Matrix

ROWS = (16, 20, 21, 26)
COLUMNS = (13, 19, 22)

Wait = Callable[[Callable[[], bool]], None]


class Pad:
    """A started keypad, its matrix, and what it told."""

    def __init__(self) -> None:
        self.matrix = Matrix(ROWS, COLUMNS)
        self.heard: list[Notice] = []
        before, Device.pin_factory = Device.pin_factory, self.matrix.factory
        self.keypad = MatrixKeypad(ROWS, COLUMNS)
        Device.pin_factory = before
        self.keypad.start(self.heard.append)

    @property
    def keys(self) -> str:
        return "".join(notice.key for notice in self.heard if isinstance(notice, Key))

    def type(self, key: str, seconds: float = 0.05) -> None:
        """As long as a finger takes; longer on a machine that stands still meanwhile."""
        before = len(self.heard)
        self.matrix.press(key)
        time.sleep(seconds)
        _give_time(lambda: len(self.heard) > before)
        self.matrix.let_go(key)
        time.sleep(seconds)
        _give_time(self.rests)

    def rests(self) -> bool:
        """Nobody looks any more: all rows are low, so that any key wakes it."""
        rows = [self.matrix.factory.pin(row) for row in ROWS]
        return all(row.function == "output" and not row.state for row in rows)


def _give_time(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + 1
    while not is_done() and time.monotonic() < until:
        time.sleep(0.005)


@pytest.fixture
def pad() -> Iterator[Pad]:
    pad = Pad()
    yield pad
    pad.keypad.close()
    pad.matrix.factory.reset()


def test_every_key_is_read(pad: Pad, eventually: Wait) -> None:
    for key in KEYS:
        pad.type(key)
    eventually(lambda: pad.keys == KEYS)


def test_a_code_is_read_as_it_was_typed(pad: Pad, eventually: Wait) -> None:
    for key in "*0421137#":
        pad.type(key)
    eventually(lambda: pad.keys == "*0421137#")


def test_a_key_held_down_is_one_key(pad: Pad) -> None:
    pad.type("5", seconds=0.5)
    assert pad.keys == "5"


def test_bouncing_contacts_are_one_key(pad: Pad, eventually: Wait) -> None:
    for _ in range(6):
        pad.matrix.press("8")
        time.sleep(0.002)
        pad.matrix.let_go("8")
        time.sleep(0.001)
    pad.type("8")
    eventually(lambda: pad.keys != "")
    assert pad.keys == "8"


def test_rolling_from_key_to_key_gives_both(pad: Pad, eventually: Wait) -> None:
    pad.matrix.press("1")
    eventually(lambda: pad.keys == "1")
    pad.matrix.press("2")
    time.sleep(0.05)
    pad.matrix.let_go("1")
    eventually(lambda: pad.keys == "12")
    pad.matrix.let_go("2")


def test_three_keys_whose_fourth_corner_seems_down_give_nothing_new(
    pad: Pad, eventually: Wait
) -> None:
    pad.matrix.press("1")
    eventually(lambda: pad.keys == "1")
    for key in "35":  # with 1 they join two rows and two columns: 2 and others appear
        pad.matrix.press(key)
    pad.matrix.press("4")
    time.sleep(0.1)
    for key in "1354":
        pad.matrix.let_go(key)
    time.sleep(0.05)
    assert pad.keys == "1"
    pad.type("9")
    eventually(lambda: pad.keys == "19")


def test_idle_it_sleeps_with_all_rows_low(pad: Pad) -> None:
    pad.type("3")
    time.sleep(0.1)
    rows = [pad.matrix.factory.pin(row) for row in ROWS]
    for row in rows:
        row.clear_states()
    time.sleep(0.2)
    assert pad.rests()
    assert all(len(row.states) == 1 for row in rows)


def test_an_error_in_whoever_is_told_does_not_end_the_keypad(
    pad: Pad, eventually: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def notify(notice: Notice) -> None:
        pad.heard.append(notice)
        raise RuntimeError("Event loop is closed")

    monkeypatch.setattr(pad.keypad, "_notify", notify)
    pad.type("1")
    pad.type("2")
    eventually(lambda: pad.keys == "12")


def test_a_taken_pin_frees_the_others(pins: MockFactory) -> None:
    with pytest.raises(HardwareError, match="keypad"):
        MatrixKeypad(ROWS, (ROWS[0], 19, 22))
    keypad = MatrixKeypad(ROWS, COLUMNS)
    keypad.close()
    MatrixKeypad(ROWS, COLUMNS).close()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(KEYS, min_size=1, max_size=6))
def test_any_typing_is_read_from_the_pins(typed: str) -> None:
    pad = Pad()
    try:
        for key in typed:
            pad.type(key, seconds=0.06)
        time.sleep(0.03)
        assert pad.keys == typed
    finally:
        pad.keypad.close()


Looks = list[frozenset[str]]


@given(typed=st.lists(st.tuples(st.sampled_from(KEYS), st.integers(STEADY_SCANS, 40))))
def test_any_typing_is_understood(typed: list[tuple[str, int]]) -> None:
    debounce = Debounce()
    heard: list[str | None] = []
    for key, held in typed:
        heard += [debounce.look(frozenset(key)) for _ in range(held)]
        heard += [debounce.look(frozenset()) for _ in range(STEADY_SCANS)]
    assert [key for key in heard if key] == [key for key, _ in typed]
    assert debounce.idle or not typed


@given(st.lists(st.frozensets(st.sampled_from(KEYS), max_size=4)))
def test_no_noise_gives_a_key_that_was_not_seen_alone_and_steadily(looks: Looks) -> None:
    debounce = Debounce()
    for n, look in enumerate(looks):
        key = debounce.look(look)
        if key is not None:
            assert looks[n - STEADY_SCANS + 1 : n + 1] == [frozenset(key)] * STEADY_SCANS


def rows_are_low(pad: Pad) -> bool:
    """It sleeps, and the next key wakes it."""
    return all(pad.matrix.factory.pin(row).function == "output" for row in ROWS)


def test_pins_that_cannot_be_read_for_a_while_do_not_end_the_keypad(
    pad: Pad, eventually: Wait, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It reads again by itself: the rows float after the error, so that no key would wake it."""
    monkeypatch.setattr("doorbell_client.hardware.keypad.REST_SECONDS", 0.05)
    failures: list[int] = []
    with monkeypatch.context() as broken:

        def lost(*_: object) -> None:
            failures.append(1)
            raise OSError("GPIO busy")

        broken.setattr(pad.keypad, "_look", lost)
        pad.type("1")
        eventually(lambda: len(failures) >= 3)
    eventually(lambda: rows_are_low(pad))
    pad.matrix.press("2")
    eventually(lambda: pad.keys == "2")
    pad.matrix.let_go("2")
    assert caplog.text.count("the keypad cannot be read") == 1, "a line for all of them"


def test_each_new_failure_of_the_pins_is_told(
    pad: Pad, eventually: Wait, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("doorbell_client.hardware.keypad.REST_SECONDS", 0.05)
    look = pad.keypad._look
    for count in (1, 2):
        once = iter([OSError("GPIO busy")])

        def looks(row: Any, keys: str, once: Iterator[OSError] = once) -> list[str]:
            for error in once:
                raise error
            return look(row, keys)

        monkeypatch.setattr(pad.keypad, "_look", looks)
        pad.type("1")
        eventually(lambda: caplog.text.count("the keypad cannot be read") == count)  # noqa: B023
        pad.matrix.press("2")
        eventually(lambda: pad.keys.count("2") == count)  # noqa: B023
        pad.matrix.let_go("2")
        eventually(lambda: rows_are_low(pad))
