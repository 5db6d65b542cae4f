"""`make bench`: all benchmarks, or those named: `python -m benchmarks rings cold door burst`."""

import importlib
import sys

NAMES = ("cold", "rings", "door", "burst")


def main() -> int:
    """Run them one after another."""
    for name in sys.argv[1:] or NAMES:
        if name not in NAMES:
            print(f"There is no benchmark {name}; there are: {', '.join(NAMES)}.", file=sys.stderr)
            return 1
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
