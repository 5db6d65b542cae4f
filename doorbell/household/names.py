"""Names that people choose for phones, guests and residents, and ids made of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from doorbell.errors import BadName
from doorbell.homes import check_resident

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST: Final = 64
RESERVED: Final = "code"
"""Nobody is named so: phones hear `code` when a code has opened."""

_LONGEST_START: Final = 24
_MARKS: Final = 16**4


def check_name(name: str) -> str:
    """A name of a device or a guest, in any script, without white space around it.

    Raises BadName.
    """
    name = name.strip()
    if not re.fullmatch(rf"[^\x00-\x1f\x7f\ud800-\udfff]{{1,{LONGEST}}}", name):
        raise BadName(f"A name has 1 to {LONGEST} characters, all on one line.")
    if name == RESERVED:
        raise BadName(f"Nobody is named {RESERVED}: phones hear it when a code has opened.")
    return name


def check_resident_name(name: str) -> str:
    """A resident's name, which also is a folder in the bucket. Raises BadName."""
    return check_resident(check_name(name))


def device_id(name: str, randbelow: Callable[[int], int]) -> str:
    """An id for a device of this name: what Latin letters it has, and a mark of its own."""
    start = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST_START].strip("-")
    return f"{start or 'phone'}-{randbelow(_MARKS):04x}"
