"""Killed at random and cut off on both sides, a relay loses no file and doubles none.

These are the first dozen of the two hundred trials of `python -m benchmarks relay`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.doorbell_client.relay.trials import Outcome, Trial

if TYPE_CHECKING:
    from pathlib import Path

TRIALS, AT_ONCE = 12, 4


def test_in_a_dozen_trials_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    outcomes = asyncio.run(_all(tmp_path))
    for seed, outcome in enumerate(outcomes):
        assert (outcome.lost, outcome.doubled, outcome.wrongs) == (0, 0, []), f"seed {seed}"
    assert sum(each.kills for each in outcomes) == 3 * TRIALS
    assert sum(each.cuts for each in outcomes) > TRIALS
    assert sum(each.repeats for each in outcomes) > 0, "no camera had to send anything again"


async def _all(folder: Path) -> list[Outcome]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> Outcome:
        async with gate:
            return await Trial(seed, folder / str(seed)).run()

    return await asyncio.gather(*(one(seed) for seed in range(TRIALS)))
