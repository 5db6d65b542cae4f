"""A keypad's matrix of contacts, on mock pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpiozero.pins.mock import MockFactory, MockPin

from doorbell_client.hardware.keypad import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS = "".join(LAYOUT)


class MatrixPin(MockPin):  # type: ignore[misc]
    """A mock pin that tells its matrix whenever it is driven or let go."""

    def _set_state(self, value: float) -> None:
        super()._set_state(value)
        self.factory.matrix.settle()

    def _set_function(self, value: str) -> None:
        super()._set_function(value)
        self.factory.matrix.settle()


class Matrix:
    """Twelve contacts between four row wires and three column wires, without diodes."""

    def __init__(
        self, rows: Sequence[int], columns: Sequence[int], pin: type[MatrixPin] = MatrixPin
    ) -> None:
        """BCM numbers; `pin` is what the factory's pins are."""
        self.factory = MockFactory(pin_class=pin)
        self.factory.matrix = self
        self._down: set[tuple[int, int]] = set()
        self._settling = False
        self._rows = [self.factory.pin(row) for row in rows]
        self._columns = [self.factory.pin(column) for column in columns]

    def press(self, key: str) -> None:
        """A finger on this key."""
        self._down.add(self._profile(key))
        self.settle()

    def let_go(self, key: str) -> None:
        """And off it."""
        self._down.discard(self._profile(key))
        self.settle()

    def settle(self) -> None:
        """Electricity: a column is low if any path of closed contacts leads to a low row."""
        if self._settling or not hasattr(self, "_columns"):
            return
        self._settling = True
        low_rows = {
            n for n, pin in enumerate(self._rows) if pin.function == "output" and not pin.state
        }
        low_columns: set[int] = set()
        for _ in range(4):  # the longest path through such a matrix
            low_columns |= {c for r, c in self._down if r in low_rows}
            low_rows |= {
                r for r, c in self._down if c in low_columns and self._rows[r].function == "input"
            }
        for n, pin in enumerate(self._columns):
            if pin.function == "input":
                (pin.drive_low if n in low_columns else pin.drive_high)()
        self._settling = False

    def _profile(self, key: str) -> tuple[int, int]:
        return divmod(KEYS.index(key), len(self._columns))
