"""`make bench`: the short benchmarks, or those that are named: `python -m benchmarks relay`."""

import importlib
import sys

SHORT = ("cold", "face", "rings", "door", "app", "push")
NAMES = (*SHORT, "film", "relay", "stop_motion", "usage", "latency", "evening")
"""On two cores the short ones take three minutes together, `stop_motion` ten, `film` and `relay`
five, `usage`, which writes down what a ring costs, three. `latency` and `evening` are models, and
quick. Many doors at once, large homes and memory: `python -m proof load`.
"""


def main() -> int:
    """Run them one after another."""
    for name in sys.argv[1:] or SHORT:
        if name not in NAMES:
            print(f"There is no benchmark {name}; there are: {', '.join(NAMES)}.", file=sys.stderr)
            return 1
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
