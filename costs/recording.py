"""What was counted on the one machine, in the units that AWS bills."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE: Final = Path(__file__).parent / "recorded.json"

GB: Final = 2.0**30
EXPRESS_GB: Final = 64 / 1024
"""An Express execution is billed in steps of 64 MB; ours hold a few hundred bytes (AWS Step
Functions pricing, "Express Workflows").
"""
ENVIRONMENT_MS: Final = 78.0
"""A Python 3.13 environment of 1 GB on arm64, from nothing to the first import: published
(maxday.github.io/lambda-perf). Lambda bills it like a run.
"""
PLATFORM_BYTES: Final = 700
"""Of the lines that Lambda itself writes for a run, in JSON: `platform.start` and `platform.report`
with their 26 bytes each. An assumption from AWS's examples ("Lambda telemetry events").
"""
_AS_COUNTED: Final = {
    "dynamodb.write": "dynamodb.write",
    "dynamodb.read": "dynamodb.read",
    "events": "events",
    "rekognition": "rekognition.image",
    "s3.put": "s3.put",
    "s3.get": "s3.get",
    "secrets": "secrets.call",
    "parameters": "parameters.call",
    "kms": "kms.call",
    "sns": "sns.publish",
    "sockets.messages": "sockets.message",
}


class Function(NamedTuple):
    """A deployed function."""

    memory: int
    """MB."""
    imports_ms: float
    """How long its imports take, at best, on the machine that recorded."""


class Story(NamedTuple):
    """What one thing that happened has used."""

    counts: Mapping[str, float]
    states: Mapping[str, Sequence[str]]
    """That each state machine entered, in order."""


class Recording(NamedTuple):
    """What `python -m benchmarks usage` wrote."""

    recorded: str
    functions: Mapping[str, Function]
    stories: Mapping[str, Story]

    def usage(self, story: str, *, cold: bool = True) -> dict[str, float]:
        """What AWS bills for it. `cold`: each function that runs must have an environment first."""
        counts, states = self.stories[story]
        runs = {name: counts[f"lambda.{name}.runs"] for name in self._ran(counts)}
        waits = [name for name in states if f"express.{name}.runs" in counts]
        log = counts.get("logs.bytes", 0) + PLATFORM_BYTES * sum(runs.values())
        usage = {price: counts[count] for count, price in _AS_COUNTED.items() if count in counts}
        return usage | {
            "lambda.request": sum(runs.values()),
            "lambda.gb_s": sum(self._gb_s(counts, name, cold=cold) for name in runs),
            "express.request": sum(counts[f"express.{name}.runs"] for name in waits),
            "express.gb_s": EXPRESS_GB * sum(counts[f"express.{name}.seconds"] for name in waits),
            "states.transition": sum(len(states[name]) for name in states if name not in waits),
            "http.request": counts.get("http.requests", 0),
            "cloudfront.request": counts.get("http.requests", 0),  # the app asks through it
            "logs.gb": log / GB,
            "internet.gb": counts.get("internet.bytes", 0) / GB,
        }

    def _ran(self, counts: Mapping[str, float]) -> list[str]:
        return [name for name in self.functions if f"lambda.{name}.runs" in counts]

    def _gb_s(self, counts: Mapping[str, float], name: str, *, cold: bool) -> float:
        function = self.functions[name]
        start = ENVIRONMENT_MS + function.imports_ms if cold else 0.0
        return function.memory / 1024 * (counts[f"lambda.{name}.ms"] + start) / 1000


def read_recording(file: Path = FILE) -> Recording:
    """The recording in a file."""
    said = json.loads(file.read_text("utf-8"))
    return Recording(
        said["recorded"],
        {name: Function(**fields) for name, fields in said["functions"].items()},
        {name: Story(**fields) for name, fields in said["stories"].items()},
    )
