"""Many doors at once: everybody who presses is heard."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from benchmarks import burst
from local import stack as local_stack

if TYPE_CHECKING:
    from local.stack import Stack


def test_of_forty_doors_that_ring_at_the_same_moment_every_bell_sounds(stack: Stack) -> None:
    with ExitStack() as closing:
        outcomes = burst.rung(local_stack.add(stack.aws, name="burst"), closing, 40, rounds=1)
    assert len(outcomes) == 40
    assert all(outcome.seconds is not None for outcome in outcomes)
