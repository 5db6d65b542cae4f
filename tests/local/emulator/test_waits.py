"""What ministack waits for without need is left out, and no line of a log is lost by it."""

import json
import time

import pytest
from ministack.core import lambda_runtime
from ministack.services import stepfunctions

from local.aws import Aws
from local.emulator import waits


def test_an_execution_begins_without_a_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    code = stepfunctions._run_execution.__code__
    monkeypatch.setattr(stepfunctions._run_execution, "__code__", code)
    monkeypatch.setattr(stepfunctions, "_executions", {"arn": {"stateMachineArn": "none"}})
    monkeypatch.setattr(stepfunctions, "_state_machines", {})
    monkeypatch.setattr(stepfunctions, "_fail_execution", lambda *_: None)
    monkeypatch.setattr(time, "sleep", slept.append)
    waits._start_machines_at_once()
    stepfunctions._run_execution("arn")
    assert sum(slept) == 0


def test_answers_to_a_function_are_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    build = lambda_runtime.ProvidedWorker._build_handler_class
    monkeypatch.setattr(lambda_runtime.ProvidedWorker, "_build_handler_class", build)
    waits._send_small_answers_at_once()
    worker = lambda_runtime.ProvidedWorker("f", {"Runtime": "provided"}, b"")
    assert worker._build_handler_class(1, worker._pending).disable_nagle_algorithm


@pytest.mark.parametrize("lines", [0, 1, 2000])
def test_every_line_that_a_function_prints_is_in_its_log(
    aws: Aws, outputs: dict[str, str], lines: int
) -> None:
    event = {"requestContext": {"eventType": "TEST"}, "do": "say much", "lines": lines}
    aws.client("lambda").invoke(FunctionName=outputs["Echo"], Payload=json.dumps(event))
    logs = aws.client("logs")
    group = f"/aws/lambda/{outputs['Echo']}"
    streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime")["logStreams"]
    last = logs.get_log_events(
        logGroupName=group, logStreamName=streams[-1]["logStreamName"], startFromHead=True
    )["events"]
    printed = [event["message"] for event in last if event["message"].startswith("line ")]
    assert printed == [f"line {number}" for number in range(lines)]
