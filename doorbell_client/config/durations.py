"""Durations as people write them: `90s`, `15m`, `6h`, `1d`."""

import re
from typing import Final

PATTERN: Final = r"^(0|[1-9][0-9]{0,6})[smhd]\Z"
EXPECTED: Final = 'a number with s, m, h or d, such as "90s", "15m", "6h" or "1d"'

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(text: str) -> int:
    """The seconds of a duration. Raises ValueError."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{text!r} is no duration; expected {EXPECTED}")
    return int(text[:-1]) * _UNITS[text[-1]]
