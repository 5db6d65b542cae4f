"""What the machines call: by names and types that AWS knows, with exactly the permissions for it.

The one machine does not enforce a state machine's role, and AWS checks Arguments only when a task
runs: so both are checked here.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError

from tests.permissions.evaluator import matches
from tests.statemachines.asl import FILES, tasks
from tests.statemachines.sdk import SDK, STATES, check, operation
from tests.template.sources import Tree, listed, machines

PREFIXES: Final = {"dynamodb": "DynamoDb", "rekognition": "Rekognition"}
"""How Step Functions names a service in its errors: as the Java SDK does."""

COMMON: Final = {"SdkClientException", "ThrottlingException"}
"""Errors that any call may meet, in no service's own list."""

LAMBDA_ERRORS: Final = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}
"""What Step Functions' guide says to retry when Lambda itself fails."""

JOB_FAILED: Final = {"JobFailed", "Lambda.Unknown", "Sandbox.Timedout"}
"""The job raised, or its process ended before it answered."""

OPTIMIZED: Final = {
    f"{STATES}lambda:invoke": {"FunctionName", "Payload"},
    f"{STATES}lambda:invoke.waitForTaskToken": {"FunctionName", "Payload"},
    f"{STATES}states:startExecution": {"StateMachineArn", "Input"},
}

SDK_TASKS: Final = {
    task: state for task, state in tasks().items() if state["Resource"].startswith(SDK)
}


@pytest.mark.parametrize("task", tasks(), ids=str)
def test_arguments_are_the_services_own(task: tuple[str, str]) -> None:
    """Names, types and ranges are those of the service's model; nothing required is left out."""
    _, called = operation(tasks()[task])
    check(called.input_shape, tasks()[task]["Arguments"], "Arguments")


@pytest.mark.parametrize(
    ("resource", "broken"),
    [
        ("aws-sdk:dynamodb:getItem", {"TableNames": "x", "Key": {}}),
        ("aws-sdk:dynamodb:getItem", {"tableName": "x", "Key": {}}),
        ("aws-sdk:dynamodb:getItem", {"TableName": 5, "Key": {}}),
        ("aws-sdk:dynamodb:getItem", {"TableName": "x"}),
        ("aws-sdk:dynamodb:GetItem", {"TableName": "x", "Key": {}}),
        ("states:startExecution", {"stateMachineArn": "x"}),
        ("states:startExecution", {"Input": {}}),
        ("lambda:invoke", {"Payload": {}}),
    ],
)
def test_a_wrong_argument_is_noticed(resource: str, broken: Tree) -> None:
    """Misspelt, in the API's own letters, mistyped, missing: none of these passes."""
    with pytest.raises(AssertionError):
        check(operation({"Resource": STATES + resource})[1].input_shape, broken, "Arguments")


@pytest.mark.parametrize("unknown", ["aws-sdk:dynamodb:readItem", "aws-sdk:dynamo:getItem"])
def test_an_action_that_is_not_there_is_noticed(unknown: str) -> None:
    with pytest.raises((OperationNotFoundError, UnknownServiceError)):
        operation({"Resource": STATES + unknown})


@pytest.mark.parametrize("task", SDK_TASKS, ids=str)
def test_errors_are_the_services_own(task: tuple[str, str]) -> None:
    """A Retry or Catch of an error that the operation never raises would never be taken."""
    name, called = operation(SDK_TASKS[task])
    raised = {shape.name for shape in called.error_shapes}
    known = raised | {f"{error}Exception" for error in raised} | COMMON
    for error in _errors(SDK_TASKS[task]) - {"States.ALL", "States.Timeout"}:
        prefix, _, kind = error.partition(".")
        assert (prefix, kind in known) == (PREFIXES[name], True), error


@pytest.mark.parametrize(
    "task", [task for task, state in tasks().items() if "lambda" in state["Resource"]], ids=str
)
def test_lambda_is_retried_when_it_was_not_reached(task: tuple[str, str]) -> None:
    """Exactly the errors that say the job has not run: a job that failed is not run blindly.

    A job that changes the same things once is: only a code would be drawn and sent anew.
    """
    retried = {error for each in tasks()[task]["Retry"] for error in each["ErrorEquals"]}
    repeatable = {
        ("Enrol", "Record"): JOB_FAILED | {"States.Timeout"},
        ("Enrol", "Refuse"): JOB_FAILED | {"States.Timeout"},
        ("Visitor", "RingThrough"): JOB_FAILED,
        ("Visitor", "Do"): JOB_FAILED,
        ("Watch", "Recover"): JOB_FAILED,
        ("Watch", "CheckOpen"): JOB_FAILED,
        **{task: JOB_FAILED for task in tasks() if task[0] == "StopMotion"},
    }
    assert retried == LAMBDA_ERRORS | repeatable.get(task, set())


def test_a_face_whose_answer_was_lost_is_asked_for_again() -> None:
    """It may be in the collection: then no row knows it, and nobody can ever take it out. The same
    picture with the same ExternalImageId is not stored twice (Rekognition, IndexFaces).
    """
    task = tasks()["Enrol", "IndexFaces"]
    retried = {error for each in task["Retry"] for error in each["ErrorEquals"]}
    assert {"Rekognition.SdkClientException", "States.Timeout"} <= retried
    assert task["Arguments"]["ExternalImageId"] == "{% $face %}"


@pytest.mark.parametrize("task", sorted(set(tasks()) - set(SDK_TASKS)), ids=str)
def test_optimized_tasks_name_what_they_take(task: tuple[str, str]) -> None:
    """Calls of Lambda and of Step Functions itself have their two arguments and no other."""
    state = tasks()[task]
    assert set(state["Arguments"]) == OPTIMIZED[state["Resource"]]


@pytest.mark.parametrize("machine", FILES)
def test_a_machine_may_do_what_its_tasks_do_and_no_more(machine: str) -> None:
    """Actions and resources of the role are those that the tasks need, in both directions."""
    assert _granted(machine) == _needed(machine)


def _granted(machine: str) -> set[tuple[str, str]]:
    return {
        (action, _text(resource))
        for policy in machines()[machine]["Policies"]
        for statement in policy["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def _needed(machine: str) -> set[tuple[str, str]]:
    needed = set()
    for (of, _), state in tasks().items():
        if of == machine:
            needed |= {(action, _text(on)) for action, on in _needs(machine, state)}
    return needed


def _needs(machine: str, state: Tree) -> list[tuple[str, Any]]:
    filled = machines()[machine]["DefinitionSubstitutions"]
    arguments = state["Arguments"]
    match state["Resource"].removeprefix(STATES).split(":"):
        case ["aws-sdk", "dynamodb", action]:
            table = filled[arguments["TableName"][2:-1]]["Ref"]
            return [(f"dynamodb:{action[0].upper()}{action[1:]}", {"Fn::GetAtt": [table, "Arn"]})]
        case ["aws-sdk", "rekognition", action]:
            assert filled["CollectionPrefix"] == {"Ref": "AWS::StackName"}
            photos = _photos(machine) if "Image" in arguments else []
            return [(f"rekognition:{action[0].upper()}{action[1:]}", COLLECTIONS), *photos]
        case ["aws-sdk", "s3", "deleteObject"]:
            return [("s3:DeleteObject", {"Fn::Sub": "${Bucket.Arn}/probe/*"})]
        case ["lambda", _]:
            return [("lambda:InvokeFunction", filled[arguments["FunctionName"][2:-1]])]
        case ["states", "startExecution"]:
            return [("states:StartExecution", filled[arguments["StateMachineArn"][2:-1]])]
    raise AssertionError(f"Nobody has said what {state['Resource']} needs.")


COLLECTIONS: Final = {
    "Fn::Sub": "arn:${AWS::Partition}:rekognition:${AWS::Region}:${AWS::AccountId}"
    ":collection/${AWS::StackName}.*"
}


PHOTOS: Final = {
    "Visitor": ("guest/*/*/photo.jpeg",),
    "Enrol": ("residents/*", "source.*"),
}
"""Those of rings alone; whatever lies in a resident's folder."""


def _photos(machine: str) -> list[tuple[str, Any]]:
    """Rekognition reads a photo as its caller: so the machine may read what starts it."""
    pattern = machines()[machine]["Events"]["PhotoCame"]["Properties"]["Pattern"]
    keys = [
        key.get("wildcard") or f"{key['prefix']}*"
        for key in pattern["detail"]["object"]["key"]
        if key != {"prefix": "probe/"}
    ]
    for key in keys:
        example = key.replace("guest/*", "guest/home/ring").replace("*", "x")
        assert any(matches(each, example) for each in PHOTOS[machine]), example
    return [("s3:GetObject", {"Fn::Sub": f"${{Bucket.Arn}}/{key}"}) for key in PHOTOS[machine]]


def _text(resource: Any) -> str:
    return json.dumps(resource, sort_keys=True)


def _errors(state: Tree) -> set[str]:
    return {
        error
        for each in [*state["Retry"], *state.get("Catch", [])]
        for error in each["ErrorEquals"]
    }
