"""`python -m benchmarks latency`: how long a ring would take on AWS, drawn hop by hop; seeded.

A model, no measurement: nobody has deployed this yet. It shows where the time goes, and what a cold
start weighs beside S3's event.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks.hops import (
    BUS,
    ENVIRONMENT,
    FACE,
    HANDSHAKE,
    IMPORTS,
    PUSH_IMPORTS,
    RUN,
    RUST,
    S3_EVENT,
    START,
    STATE,
    TABLE,
    TO_BROWSER,
    TO_CLOUD,
    TO_DEVICE,
    TO_PUSH,
    UPLOAD,
    Hop,
)
from benchmarks.report import figure, percentile, show
from local.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEED: Final = 20261130
DRAWS: Final = 20_000
GOALS: Final = {"notice": 1.0, "code": 3.0}
"""Seconds, at the median."""
IMAGE: Final = ROOT / "docs" / "images" / "latency.png"

_PRESS: Final = (TO_CLOUD, RUN)
_NOTICE: Final = (*_PRESS, BUS, RUN, TO_PUSH, TO_BROWSER)
_PHOTO: Final = (*_PRESS, TO_DEVICE, UPLOAD, S3_EVENT, BUS, START)
_DECIDE: Final = (TABLE, STATE, FACE, STATE, RUN)
_COLD: Final = (ENVIRONMENT, IMPORTS)
_PUSH_COLD: Final = (ENVIRONMENT, PUSH_IMPORTS)

WAYS: Final[Mapping[str, Sequence[Hop]]] = {
    "ring → notice, warm": _NOTICE,
    "ring → notice, usual": (*_NOTICE, *_PUSH_COLD),
    "ring → notice, cold": (*_COLD, *_NOTICE, *_PUSH_COLD),
    "ring → code in the app, warm": (*_PHOTO, *_DECIDE, TO_DEVICE),
    "ring → code in the app, cold": (*_COLD, *_PHOTO, *_DECIDE, TO_DEVICE),
    "ring → code pushed, warm": (*_PHOTO, *_DECIDE, STATE, RUN, TO_PUSH, TO_BROWSER),
    # The notice of the press has made Push's environment: only the ring's own is cold.
    "ring → code pushed, cold": (*_COLD, *_PHOTO, *_DECIDE, STATE, RUN, TO_PUSH, TO_BROWSER),
    "seed: connect → code": (
        HANDSHAKE, RUST, RUN, BUS, RUST, RUN, TO_DEVICE, UPLOAD, S3_EVENT, BUS, START,
        STATE, FACE, STATE, STATE, STATE, RUST, RUN, STATE, RUST, RUN, TO_DEVICE,
    ),
}  # fmt: skip
"""Usual: the door's pings keep the ring's function warm, and nothing has run Push for hours.

`S3_EVENT` is until S3's event is on the bus, `BUS` from there on. The seed has no notice: its
four functions are run by nothing but a ring, so that each is cold.
"""


def draw(ways: Mapping[str, Sequence[Hop]] = WAYS, draws: int = DRAWS) -> dict[str, list[float]]:
    """Seconds of so many rings on each way; the same at each call."""
    return {name: _times(Random(f"{SEED} {name}"), hops, draws) for name, hops in ways.items()}


def _times(random: Random, hops: Sequence[Hop], draws: int) -> list[float]:
    return [sum(hop.draw(random) for hop in hops) / 1e3 for _ in range(draws)]


def main() -> None:
    """Print the table, and draw the picture."""
    from benchmarks.plot import draw_shares  # matplotlib takes a while

    times = draw()
    show("Latency: a model", [
        figure(name, each, f"p99 {percentile(each, 0.99):.1f} s") for name, each in times.items()
    ])  # fmt: skip
    draw_shares(times, GOALS, IMAGE)


if __name__ == "__main__":
    main()
