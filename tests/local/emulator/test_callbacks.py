"""A function that fails while a state machine waits for its token fails the task, as on AWS."""

import json
import time
from typing import Any

import pytest

from local.aws import Aws


def _run(aws: Aws, machine: str, do: str) -> tuple[Any, list[str]]:
    """What came of an execution whose function does this, and its events."""
    states = aws.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=machine, input=json.dumps({"do": do}))
    arn = execution["executionArn"]
    deadline = time.monotonic() + 20
    while (ended := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < deadline, "the execution did not end"
        time.sleep(0.02)
    events = states.get_execution_history(executionArn=arn)["events"]
    return json.loads(ended["output"]), [event["type"] for event in events]


@pytest.mark.parametrize(
    ("do", "output"),
    [
        ("fail", {"caught": "Busy"}),
        ("die", {"caught": "Runtime.ExitError"}),
        ("nothing", {"answered": False}),
        ("answer and fail", {"answered": True}),
    ],
)
def test_the_error_is_caught_by_its_name_and_an_answer_stays_an_answer(
    aws: Aws, outputs: dict[str, str], do: str, output: object
) -> None:
    assert _run(aws, outputs["Machine"], do)[0] == output


def test_the_task_is_retried_as_its_state_says(aws: Aws, outputs: dict[str, str]) -> None:
    """Once for this error, before it is caught."""
    _, events = _run(aws, outputs["Machine"], "fail")
    assert events.count("TaskScheduled") == 2
