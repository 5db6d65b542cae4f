"""The unit in which times carry over to another machine: what a bare boto3 client costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.report import Figure, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CODE = 'import boto3; boto3.client("dynamodb")'
TURNS = 7


def bare_client(environment: Mapping[str, str] | None = None) -> float:
    """Seconds from the start of a process to its client."""
    given = environment or {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    return run([sys.executable, "-c", CODE], given)


def run(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds for which a process runs. Raises CalledProcessError."""
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def ratio(name: str, seconds: Sequence[float], unit: float, goal: float) -> Figure:
    """A row of the table: these times in bare clients of `unit` seconds."""
    times = figure(name, seconds, "of a bare boto3 client")
    ms = unit * 1e3
    return times._replace(
        median=times.median / ms, p95=times.p95 / ms, unit="times", goal=f"≤ {goal:g}"
    )
