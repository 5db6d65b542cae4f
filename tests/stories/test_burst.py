"""Many doors at once: everybody who presses is heard."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from benchmarks import burst
from doorbell.protocol import NoAnswer
from local import stack as local_stack

if TYPE_CHECKING:
    from local.stack import Stack


def test_of_forty_doors_that_ring_at_the_same_moment_every_bell_sounds(stack: Stack) -> None:
    with ExitStack() as closing:
        busy = local_stack.add(stack.aws, name="burst", parameters={"AnswerSeconds": "5"})
        doors = burst.settle(busy, closing, 40)
        outcomes = burst.rung(doors, rounds=1)
        assert len(outcomes) == 40
        assert all(outcome.seconds is not None for outcome in outcomes)
        for door in doors:
            door.hear(NoAnswer)  # so that nothing of it is left to do beside the next story
