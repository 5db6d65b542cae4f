"""`python -m packing FUNCTION FOLDER [--packages FOLDER]`: what `make build-FUNCTION` calls."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from packing.package import pack
from packing.reach import NothingToPack


def main() -> int:
    """Pack one function; 1 if there is nothing to pack."""
    parser = argparse.ArgumentParser(prog="python -m packing", description=__doc__)
    parser.add_argument("function", help="its logical id in template.yaml")
    parser.add_argument("folder", type=Path, help="where the package goes")
    parser.add_argument("--packages", type=Path, help="where the pinned packages are installed")
    given = parser.parse_args()
    try:
        pack(given.function, Path(), given.folder, given.packages)
    except NothingToPack as error:
        print(f"{given.function} cannot be packed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
