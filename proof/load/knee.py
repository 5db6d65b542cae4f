"""The knee: rings offered faster and faster, until those who wait longest wait much longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.report import percentile
from proof.load import machine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.load.run import Crowd, Ended

RATES: Final = (1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 48, 64)
"""Rings a second."""
SECONDS: Final = 10.0
LEAST: Final = 12
"""Rings of a step: fewer have no 95th percentile."""
BENT: Final = 3.0
"""Times the p95 of the first step: there the line bends."""
BEYOND: Final = 2
"""Steps after it, so that the bend is seen."""


class Step(NamedTuple):
    """One rate: what was offered, how long the answers took, and who used the processors."""

    rate: float
    ended: Sequence[Ended]
    p95: float
    cores: dict[str, float]
    rest: float = 1.0
    """The part of its time that the server's event loop had nothing to do."""


async def climb(
    crowd: Crowd, rates: Sequence[float] = RATES, seconds: float = SECONDS
) -> list[Step]:
    """Step by step, until some steps after the bend, or the rates are over."""
    steps: list[Step] = []
    for rate in rates:
        before = machine.clock()
        with machine.resting() as rest:
            rings = await crowd.offer(rate, max(seconds, LEAST / rate))
        cores = machine.cores(before, machine.clock())
        ended = await crowd.judged(rings)
        steps.append(Step(rate, ended, _p95(ended), cores, rest.share))
        if len([each for each in steps if is_bent(each, steps)]) >= BEYOND:
            break
    return steps


def is_bent(step: Step, steps: Sequence[Step]) -> bool:
    """Whether it is beyond the knee."""
    return step.p95 > BENT * steps[0].p95


def knee(steps: Sequence[Step]) -> Step:
    """The last step before the line bends."""
    straight = [each for each in steps if not is_bent(each, steps)]
    return straight[-1]


def _p95(ended: Sequence[Ended]) -> float:
    answers = [each.times.answer for each in ended if each.times.answer is not None]
    return percentile(answers, 0.95) if answers else float("inf")
