"""How long each hop of a ring takes, at the median and at the 99th percentile, and who says so.

What nobody has published is an assumption, and says that it is one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from random import Random

_Z99: Final = 2.3263
"""How many standard deviations the 99th percentile of a normal distribution is from its median."""

MESSAGING: Final = (
    "bitesizedserverless.com/bite/serverless-messaging-latency-compared, 2022, update 2023-02"
)
LAMBDA_PERF: Final = "maxday.github.io/lambda-perf"
ASSUMED: Final = "assumption"


class Hop(NamedTuple):
    """One wait; milliseconds. Drawn from the log-normal distribution through both figures."""

    name: str
    median: float
    late: float
    """The 99th percentile."""
    source: str

    def draw(self, random: Random) -> float:
        """Milliseconds, this time."""
        sigma = math.log(self.late / self.median) / _Z99
        return random.lognormvariate(math.log(self.median), sigma)


TO_CLOUD: Final = Hop("door → API Gateway → function", 40, 150, ASSUMED)
TO_DEVICE: Final = Hop("function → API Gateway → device", 30, 120, ASSUMED)
HANDSHAKE: Final = Hop("TCP, TLS and WebSocket handshake", 120, 450, ASSUMED)
RUN: Final = Hop("a run of the ring's function", 15, 60, "docs/speed.md, one machine, warm")
ENVIRONMENT: Final = Hop("a new environment, Python 3.13, 1 GB, arm64", 78, 200, LAMBDA_PERF)
IMPORTS: Final = Hop("the ring function's imports and connections", 86, 140, "docs/speed.md")
PUSH_IMPORTS: Final = Hop("imports of the function that pushes", 150, 300, ASSUMED)
RUST: Final = Hop("a new environment, Rust, 1 GB, arm64", 14.5, 60, LAMBDA_PERF)
BUS: Final = Hop("EventBridge → function", 148, 387, MESSAGING)
UPLOAD: Final = Hop("the photo, 200 KB, into S3", 300, 1_200, ASSUMED)
S3_EVENT: Final = Hop(
    "S3's event on the bus", 1_000, 5_000,
    'assumption; AWS: "typically delivers events in seconds" (S3 User Guide, event notifications)',
)  # fmt: skip
START: Final = Hop("Standard machine starts", 142, 313, MESSAGING)
STATE: Final = Hop("from one state to the next", 25, 90, ASSUMED)
TABLE: Final = Hop(
    "DynamoDB", 5, 25, 'AWS: "single-digit millisecond" (DynamoDB Developer Guide, introduction)'
)
FACE: Final = Hop("Rekognition searches a face", 350, 1_000, ASSUMED)
TO_BROWSER: Final = Hop("push service → phone", 250, 1_800, ASSUMED)
TO_PUSH: Final = Hop("function → push service", 80, 400, ASSUMED)
