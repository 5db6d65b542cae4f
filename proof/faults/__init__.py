"""A fault at each step of a ring: a press is heard all the same, and nothing opens without right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from proof.faults.judging import claims
from proof.faults.running import run
from proof.report import Report

if TYPE_CHECKING:
    from proof.faults.judging import Judged

SEED: Final = 12
PRESSES: Final = 1000
LANES: Final = 8
METHOD: Final = "Seed {seed}."


def prove(*, short: bool) -> Report:
    """On a stack of its own."""
    return report_of(asyncio.run(run(SEED, range(12 if short else PRESSES), LANES)), SEED)


def report_of(judged: Judged, seed: int) -> Report:
    """The figures."""
    return Report("faults", "A fault at each step of a ring", METHOD.format(seed=seed), claims(judged))
