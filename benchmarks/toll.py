"""What one ring costs the cloud: calls to AWS, runs of RingPath and their time, states entered."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.report import Figure, median_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack import Stack

SETTLED = 0.5
"""Seconds after which the log has the last line of a ring."""


class Toll(NamedTuple):
    """What a ring cost, from the press until the door said that it had opened."""

    calls: int
    """Of the function; the state machines' own come to it."""
    runs: int
    milliseconds: int
    """Of all runs together."""
    cold: int
    """Runs that began an environment."""
    states: int
    """That the visitor's state machine entered."""


def now() -> int:
    """A moment for `toll_since`."""
    return int(time.time() * 1000)


def toll_since(stack: Stack, since: int) -> Toll:
    """What was done since that moment; nothing of another ring may be under way."""
    time.sleep(SETTLED)
    logs = stack.aws.client("logs")
    group = f"/doorbell/{stack.name}/ring-path"
    found = logs.filter_log_events(logGroupName=group, startTime=since)["events"]
    lines = [json.loads(e["message"]) for e in found if e["message"].startswith("{")]
    jobs: list[dict[str, Any]] = [line for line in lines if "job" in line]
    return Toll(
        calls=sum(job.get("calls", 0) for job in jobs),
        runs=len(jobs),
        milliseconds=sum(job["ms"] for job in jobs),
        cold=sum(job.get("cold", False) for job in jobs),
        states=_states_of_the_last_visitor(stack),
    )


def rows(tolls: Sequence[Toll]) -> list[Figure]:
    """Medians over several rings."""
    return [
        _row("calls to AWS a ring", [t.calls for t in tolls], "", "of RingPath, opening included"),
        _row("runs of RingPath a ring", [t.runs for t in tolls], "", ""),
        _row("their time together", [t.milliseconds for t in tolls], "ms", ""),
        _row("states a resident's ring enters", [t.states for t in tolls], "", "of `visitor`"),
    ]


def _row(name: str, values: list[int], unit: str, note: str) -> Figure:
    return Figure(name, median_of(values), max(values), len(values), note, unit)


def _states_of_the_last_visitor(stack: Stack) -> int:
    machines = stack.aws.client("stepfunctions")
    listed = machines.list_state_machines()["stateMachines"]
    (visitor,) = [m for m in listed if m["name"] == f"{stack.name}-visitor"]
    last, *_ = sorted(
        machines.list_executions(stateMachineArn=visitor["stateMachineArn"])["executions"],
        key=lambda each: each["startDate"],
        reverse=True,
    )
    events = machines.get_execution_history(executionArn=last["executionArn"])["events"]
    return sum("stateEnteredEventDetails" in event for event in events)
