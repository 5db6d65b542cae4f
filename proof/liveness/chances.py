"""What a count says of the rate behind it."""

from __future__ import annotations

from math import comb
from typing import Final

CONFIDENT: Final = 0.95


def upper_bound(found: int, of: int) -> float:
    """The rate that is not exceeded, with a confidence of 95 %: the largest at which so few are
    found at least once in twenty times (Clopper and Pearson, 1934, one side).
    """
    if found >= of:
        return 1.0
    low, high = found / of, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        if _at_most(found, of, rate) > 1 - CONFIDENT:
            low = rate
        else:
            high = rate
    return high


def _at_most(found: int, of: int, rate: float) -> float:
    """The chance that no more than so many are found."""
    return sum(comb(of, n) * rate**n * (1 - rate) ** (of - n) for n in range(found + 1))
