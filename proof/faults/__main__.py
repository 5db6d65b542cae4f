"""`python -m proof.faults`: some presses, or one of them again.

`--seed 7 --press 41` repeats one, with all that was logged; `--presses 200` makes more; `--steps`
looks anew where a ring has its steps.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import sys
from pathlib import Path

from proof.faults import LANES, SEED, report_of
from proof.faults.running import learn, run
from proof.faults.scripts import A_ROUND, STOPS, script
from proof.report import show, write


def main() -> int:
    """0 if every claim holds."""
    parser = argparse.ArgumentParser(prog="proof.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--press", type=int, action="append", metavar="NUMBER")
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--stops", type=int, default=0, help="rounds in which the stack is stopped")
    parser.add_argument("--only", help="faults of this kind alone, such as `the device`")
    parser.add_argument("--minutes", type=float, default=math.inf, help="and no more presses")
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--log", type=Path, help="a file for all that every device logged")
    parser.add_argument("--page", action="store_true", help="write it to docs/proof")
    parser.add_argument("--steps", action="store_true")
    asked = parser.parse_args()
    if asked.steps:
        asyncio.run(learn())
        return 0
    stops = range(STOPS, STOPS + A_ROUND * asked.stops)
    numbers = asked.press or [*_of_kind(asked.seed, asked.only, asked.presses), *stops]
    judged = asyncio.run(run(asked.seed, numbers, asked.lanes, within=asked.minutes * 60))
    if asked.press:
        for it in judged.outcomes:
            print("\n".join((*it.log, *it.trace)))
    if asked.log:
        with asked.log.open("w", encoding="utf-8") as file:
            for it in judged.outcomes:
                kept = {**it._asdict(), "photo": len(it.photo or b"")}
                file.write(json.dumps(kept) + "\n")
    report = report_of(judged, asked.seed)
    show(report)
    if asked.page:
        write(report)
    return 0 if report.holds else 1


def _of_kind(seed: int, only: str | None, count: int) -> list[int]:
    """The first so many presses, of a kind if one is named."""
    every = (n for n in itertools.count() if not only or only in script(seed, n).kind.what)
    return list(itertools.islice(every, count))


if __name__ == "__main__":
    sys.exit(main())
