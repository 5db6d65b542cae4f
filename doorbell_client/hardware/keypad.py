"""A 4x3 matrix keypad on seven pins.

Idle, all rows are held low and nothing runs: a key pulls its column low, and that edge wakes the
scanner. Scanning, one row is low at a time while the others float, so that two keys pressed in
one column never short one output against another, and cheap keypads without diodes are safe.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any, Final

from doorbell_client.door.parts import Key, Notify
from doorbell_client.hardware.pins import claimed

_log = logging.getLogger(__name__)

LAYOUT: Final = ("123", "456", "789", "*0#")
"""Keys by row and column."""

SCAN_SECONDS: Final = 0.01
"""Between two looks at the matrix."""

STEADY_SCANS: Final = 2
"""A key counts when so many looks in a row agree (20 ms; membrane contacts settle in 5 to 10)."""

SETTLE_SECONDS: Final = 0.0001
"""A column behind a pull-up of 50 kΩ needs about 50 µs to rise on a metre of cable."""


REST_SECONDS: Final = 1.0
"""After an error of a pin, before it is tried again."""


class Debounce:
    """From what each look at the matrix sees to the keys a person meant.

    One key at a time: while two or more are down nothing counts, because a matrix without diodes
    then shows keys that nobody touches. Rolling from one key to the next gives both.
    """

    def __init__(self) -> None:
        self._seen: frozenset[str] = frozenset()
        self._looks = 0
        self._held: str | None = None

    @property
    def idle(self) -> bool:
        """Nothing is down, and steadily so."""
        return not self._seen and self._looks >= STEADY_SCANS

    def look(self, keys: frozenset[str]) -> str | None:
        """Take one look; returns the key that was just pressed, if any."""
        self._looks = self._looks + 1 if keys == self._seen else 1
        self._seen = keys
        if self._looks < STEADY_SCANS:
            return None
        if not keys:
            self._held = None
        if len(keys) != 1 or self._held in keys:
            return None
        (self._held,) = keys
        return self._held


class MatrixKeypad:
    """Tells `Key` for each key pressed."""

    def __init__(self, rows: Sequence[int], columns: Sequence[int]) -> None:
        """BCM numbers, top to bottom and left to right. Raises HardwareError."""
        self._notify: Notify | None = None
        self._wake = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="keypad", daemon=True)
        with claimed(f"The keypad on GPIO {', '.join(map(str, (*rows, *columns)))}"):
            self._claim(rows, columns)

    def start(self, notify: Notify) -> None:
        """Begin to call `notify`."""
        self._notify = notify
        self._listen()
        for column in self._columns:
            column.when_activated = self._wake.set
        self._thread.start()

    def close(self) -> None:
        """Let go of the pins."""
        self._closed = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        for device in (*self._rows, *self._columns):
            device.close()

    def _claim(self, rows: Sequence[int], columns: Sequence[int]) -> None:
        from gpiozero import DigitalInputDevice, GPIODevice

        self._rows: list[GPIODevice] = []
        self._columns: list[DigitalInputDevice] = []
        try:
            self._rows.extend(GPIODevice(row) for row in rows)
            self._columns.extend(DigitalInputDevice(column, pull_up=True) for column in columns)
        except BaseException:
            for device in (*self._rows, *self._columns):
                device.close()
            raise

    def _run(self) -> None:
        failed = False
        while not self._closed:
            self._wake.wait()
            self._wake.clear()
            try:
                self._follow_keys()
                failed = False
            except Exception:
                if not failed:
                    _log.exception("the keypad cannot be read; it is tried again and again")
                failed = True
                time.sleep(REST_SECONDS)
                # The rows may float now, and then no key makes an edge that would wake anybody.
                self._wake.set()

    def _follow_keys(self) -> None:
        """Look until every key is up again."""
        debounce = Debounce()
        while not (self._closed or debounce.idle):
            key = debounce.look(self._scan())
            if key is not None:
                self._tell(key)
            time.sleep(SCAN_SECONDS)
        self._listen()
        if any(column.is_active for column in self._columns):
            # Pressed between the last look and listening: no edge would tell of it.
            self._wake.set()

    def _tell(self, key: str) -> None:
        if self._notify is None:
            return
        try:
            self._notify(Key(key))
        except Exception:
            _log.exception("a key could not be told")

    def _listen(self) -> None:
        for row in self._rows:
            row.pin.output_with_state(0)

    def _scan(self) -> frozenset[str]:
        for row in self._rows:
            row.pin.input_with_pull("floating")
        return frozenset(
            key
            for row, keys in zip(self._rows, LAYOUT, strict=True)
            for key in self._look(row, keys)
        )

    def _look(self, row: Any, keys: str) -> list[str]:
        """The keys of one row that are down."""
        row.pin.output_with_state(0)
        time.sleep(SETTLE_SECONDS)
        down = [key for column, key in zip(self._columns, keys, strict=True) if column.is_active]
        row.pin.input_with_pull("floating")
        return down
