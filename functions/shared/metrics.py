"""Metrics as lines of the log: CloudWatch takes them out of it, and no call is made.

The form is CloudWatch's embedded metric format (Amazon CloudWatch User Guide, "Specification:
Embedded metric format"). Powertools writes the same, and its import costs more than our jobs.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAMESPACE: Final = "Doorbell"

Unit: TypeAlias = Literal["Count", "Milliseconds"]


class Metric(NamedTuple):
    """One value. Every other value of a dimension is a metric more that is paid for: no ids."""

    name: str
    value: float
    unit: Unit = "Count"
    dimensions: Mapping[str, str] = {}
    """Beside the stack."""


def write_metrics(stack: str, at: float, metrics: Sequence[Metric]) -> None:
    """One line for all of them, at this moment (epoch seconds), whose names must differ.

    To standard output, which Lambda puts into the log as it is.
    """
    if metrics:
        sys.stdout.write(json.dumps(_document(stack, at, metrics)) + "\n")
        sys.stdout.flush()


def _document(stack: str, at: float, metrics: Sequence[Metric]) -> dict[str, Any]:
    said: dict[str, Any] = {"Stack": stack}
    for each in metrics:
        said |= {**each.dimensions, each.name: each.value}
    directives = [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["Stack", *each.dimensions]],
            "Metrics": [{"Name": each.name, "Unit": each.unit}],
        }
        for each in metrics
    ]
    return {"_aws": {"Timestamp": round(at * 1000), "CloudWatchMetrics": directives}, **said}
