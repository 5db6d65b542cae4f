"""Reads that need nothing of each other, side by side: the slowest alone is waited for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def side_by_side(*reads: Callable[[], Any]) -> list[Any]:
    """What they give, in order. Raises what one of them raises, after all have ended."""
    first, *others = reads
    with ThreadPoolExecutor(len(reads)) as threads:
        beside = [threads.submit(read) for read in others]
        found = first()
    return [found, *(each.result() for each in beside)]
