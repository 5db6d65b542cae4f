"""Six digits, typed one at a time: `*` clears, `#` sends, silence forgets."""

from enum import Enum
from typing import Final, TypeAlias

DIGITS: Final = 6
FORGOTTEN_AFTER: Final = 10.0
"""Seconds without a key: the next person begins anew."""


class Mistake(Enum):
    """What was typed is no code; the cloud need not hear of it."""

    LENGTH = "a code has six digits"


Typed: TypeAlias = str | Mistake | None
"""A whole code; a mistake; nothing yet."""


class KeypadEntry:
    """What has been typed so far. Never printed: it may be a code."""

    def __init__(self) -> None:
        self._digits = ""
        self._forget_at = float("inf")

    @property
    def forget_at(self) -> float:
        """When the digits so far are forgotten, in the caller's clock; infinity if none wait."""
        return self._forget_at

    @property
    def length(self) -> int:
        """How many digits wait for `#`."""
        return len(self._digits)

    def press(self, key: str, now: float) -> Typed:
        """One key, `0`-`9`, `*` or `#`; anything else is passed over."""
        self.tick(now)
        if key == "*":
            self._clear()
        elif key == "#":
            return self._take()
        elif key.isascii() and key.isdigit() and len(key) == 1:
            # One digit too many is remembered, so that `#` refuses; more of them say no more.
            self._digits = (self._digits + key)[: DIGITS + 1]
            self._forget_at = now + FORGOTTEN_AFTER
        return None

    def tick(self, now: float) -> None:
        """Time has passed."""
        if now >= self._forget_at:
            self._clear()

    def _take(self) -> Typed:
        digits = self._digits
        self._clear()
        return digits if len(digits) == DIGITS else Mistake.LENGTH

    def _clear(self) -> None:
        self._digits = ""
        self._forget_at = float("inf")
