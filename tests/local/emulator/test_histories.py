"""Histories are kept for so long as anybody looks at them; a home that stays up does not grow."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from ministack.services import cloudwatch_logs, eventbridge, lambda_svc, stepfunctions

from local.emulator import histories
from local.emulator.histories import Newest


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed here is ministack's own again afterwards."""
    for module, name in (
        (eventbridge, "_events_log_list"),
        (stepfunctions, "_emit_execution_status_event"),
        (lambda_svc, "_emit_lambda_logs"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))


def test_what_is_older_than_so_many_is_let_go_the_oldest_first() -> None:
    gone: list[str] = []
    newest = Newest(2, gone.append)
    for name in "abcd":
        newest.add(name)
    assert gone == ["a", "b"]


def test_a_bus_keeps_no_event() -> None:
    histories._remember_no_events()
    eventbridge._events_log_list().append({"Source": "doorbell"})
    assert list(eventbridge._events_log_list()) == []
    assert isinstance(eventbridge._events_log_list(), deque)


def test_of_executions_the_newest_that_have_ended_stay_and_all_that_run() -> None:
    histories._forget_executions(2)
    for number in range(5):
        _end(f"ended-{number}", "SUCCEEDED" if number % 2 else "FAILED")
        _end(f"running-{number}", "RUNNING")
    left = {arn for arn in stepfunctions._executions if arn.startswith(("ended", "running"))}
    try:
        assert left == {"ended-3", "ended-4", *(f"running-{number}" for number in range(5))}
    finally:
        for arn in left:
            del stepfunctions._executions[arn]


def test_of_a_function_the_log_lines_of_its_newest_runs_stay() -> None:
    group = "/doorbell/histories/test"
    function = {"config": {"FunctionName": "f", "LoggingConfig": {"LogGroup": group}}}
    histories._forget_log_lines(3)
    try:
        for number in range(7):
            lambda_svc._emit_lambda_logs(function, f"run-{number}", f"line {number}", False, 1)
        streams = cloudwatch_logs._log_groups[group]["streams"].values()
        said = [event["message"] for stream in streams for event in stream["events"]]
        assert [line for line in said if line.startswith("line")] == ["line 4", "line 5", "line 6"]
    finally:
        del cloudwatch_logs._log_groups[group]


def _end(arn: str, status: str) -> None:
    execution: dict[str, Any] = {"executionArn": arn, "status": status, "sync": True}
    stepfunctions._executions[arn] = execution
    stepfunctions._emit_execution_status_event(execution)
