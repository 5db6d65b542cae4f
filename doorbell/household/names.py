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

_NO_LETTERS: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
"""What steers a terminal, ends a line or stands alone as half of a letter."""
_LONGEST_START: Final = 24
_MARKS: Final = 16**4


def check_name(name: str) -> str:
    """A name of a device or a guest, in any script, without white space around it.

    Raises BadName.
    """
    name = name.strip()
    if not re.fullmatch(rf"[^{_NO_LETTERS}]{{1,{LONGEST}}}", name):
        raise BadName(f"A name has 1 to {LONGEST} characters, all on one line.")
    if name == RESERVED:
        raise BadName(f"Nobody is named {RESERVED}: phones hear it when a code has opened.")
    return name


def check_resident_name(name: str) -> str:
    """A resident's name, which also is a folder in the bucket and a part of a URL's path.

    Raises BadName.
    """
    name = check_name(name)
    if name in (".", ".."):
        raise BadName("A name is more than dots.")
    return check_resident(name)


def device_id(name: str, randbelow: Callable[[int], int]) -> str:
    """An id for a device of this name: what Latin letters it has, and a mark of its own."""
    start = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST_START].strip("-")
    return f"{start or 'phone'}-{randbelow(_MARKS):04x}"
