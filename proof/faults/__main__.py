"""`python -m proof.faults`: some presses, or one of them again.

`--seed 7 --press 41` repeats one, with all that was logged; `--presses 200` makes more; `--steps`
looks anew where a ring has its steps.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from proof.faults import LANES, SEED, report_of
from proof.faults.running import learn, run
from proof.report import show


def main() -> int:
    """0 if every claim holds."""
    parser = argparse.ArgumentParser(prog="proof.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--press", type=int, action="append", metavar="NUMBER")
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--steps", action="store_true")
    asked = parser.parse_args()
    if asked.steps:
        asyncio.run(learn())
        return 0
    numbers = asked.press or range(asked.presses)
    judged = asyncio.run(run(asked.seed, numbers, asked.lanes))
    if asked.press:
        for it in judged.outcomes:
            print("\n".join((*it.log, *it.trace)))
    report = report_of(judged, asked.seed)
    show(report)
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
