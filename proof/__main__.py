"""`make proof`: all proofs, or those that are named: `python -m proof model`.

`--short` does less of each, and writes nothing: what `make test` does. `faults` needs Chromium
(`chromium` of Debian), `upgrade` the whole history of the repository.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING, Final

from proof.report import Lacking, Report, show, write

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES: Final[tuple[str, ...]] = (
    "model",
    "load",
    "faults",
    "abuse",
    "privacy",
    "upgrade",
    "liveness",
)
"""Modules of this room; each has `prove(*, short: bool) -> Report`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove one after another; 0 if all could be proved, and every claim holds."""
    parser = argparse.ArgumentParser(prog="proof", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--short", action="store_true", help="less of each, and no pages")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(NAMES):
        print(f"There is no proof {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    held = [_prove(name, short=asked.short) for name in asked.names or NAMES]
    return 0 if all(held) else 1


def _prove(name: str, *, short: bool) -> bool:
    try:
        report: Report = importlib.import_module(f"proof.{name}").prove(short=short)
    except Lacking as lacking:
        # The others may have what they need.
        print(f"{name} was not proved: {lacking}", file=sys.stderr)
        return False
    show(report)
    if not short:
        print(f"Written to {write(report)}.", file=sys.stderr)
    return report.holds


if __name__ == "__main__":
    sys.exit(main())
