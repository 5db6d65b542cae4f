"""What the machines read is there: in a service's answer, in the context, in their own input."""

from __future__ import annotations

from typing import Final

import pytest

from doorbell.model import SeenFace
from functions.enrolment.record_faces import seen_faces
from tests.statemachines.asl import FILES, definition, maps, read_paths, tasks
from tests.statemachines.sdk import find, operation, sample

IN_CONTEXT: Final = {
    "Execution.Id",
    "Execution.Input",
    "Execution.Name",
    "Execution.RedriveCount",
    "Execution.RedriveTime",
    "Execution.RoleArn",
    "Execution.StartTime",
    "State.EnteredTime",
    "State.Name",
    "State.RetryCount",
    "StateMachine.Id",
    "StateMachine.Name",
    "Task.Token",
    "Map.Item.Index",
    "Map.Item.Value",
}
"""Step Functions Developer Guide, "Accessing execution data from the Context object"."""


READ: Final = [
    (task, path)
    for task, state in tasks().items()
    if not state["Resource"].endswith(".waitForTaskToken")
    for path in sorted(read_paths("result", state))
]


def test_there_are_results_to_check() -> None:
    """The tables below are not empty by an oversight in the pattern."""
    assert (("Visitor", "SearchFaces"), "FaceMatches.0.Face.FaceId") in READ
    assert (("Visitor", "ClaimAside"), "Attributes.pressed_at.N") in READ
    assert (("Watch", "LookForDecision"), "Item.decision") in READ
    assert (("StopMotion", "Plan"), "Payload") in READ


@pytest.mark.parametrize(("task", "path"), READ, ids=str)
def test_what_is_read_of_a_result_is_in_the_service_s_answer(
    task: tuple[str, str], path: str
) -> None:
    """JSONata gives nothing, and no error, for a field that is not there."""
    _, called = operation(tasks()[task])
    find(called.output_shape, path.split("."))


@pytest.mark.parametrize("path", ["FaceMatch.0.Face", "FaceMatches.0.FaceId", "faceMatches"])
def test_a_field_that_is_not_there_is_noticed(path: str) -> None:
    _, called = operation(tasks()["Visitor", "SearchFaces"])
    with pytest.raises(AssertionError):
        find(called.output_shape, path.split("."))


def test_a_phone_s_word_is_read_as_it_is_sent() -> None:
    """What a token brings is ours: `answer` and `by`, as doorbell/answer.py hands them on."""
    waiting = {
        task: read_paths("result", state)
        for task, state in tasks().items()
        if state["Resource"].endswith(".waitForTaskToken")
    }
    assert waiting == {
        ("Visitor", "IssueCode"): set(),
        ("Visitor", "PushCode"): set(),
        ("Visitor", "RingThrough"): {"answer", "by"},
    }


def test_all_that_is_read_of_indexed_faces_is_in_rekognition_s_answer() -> None:
    """IndexFaces' whole answer goes to the function: it is made up here from the model."""
    assert "Output" not in tasks()["Enrol", "IndexFaces"]
    assert tasks()["Enrol", "Record"]["Arguments"]["Payload"]["seen"] == "{% $states.input %}"
    _, called = operation(tasks()["Enrol", "IndexFaces"])
    reasons = called.output_shape.members["UnindexedFaces"].member.members["Reasons"].member.enum
    assert seen_faces(sample(called.output_shape)) == [
        SeenFace("text", 1),
        SeenFace(None, 1, (reasons[0],)),
    ]


@pytest.mark.parametrize("machine", FILES)
def test_what_is_read_of_the_context_is_in_it(machine: str) -> None:
    read = read_paths("context", definition(machine))
    assert read <= IN_CONTEXT


@pytest.mark.parametrize("task", tasks(), ids=str)
def test_only_a_task_that_waits_has_a_token(task: tuple[str, str]) -> None:
    """Elsewhere the context has no `Task`, and JSONata ends the execution with States.Runtime."""
    has = "Task.Token" in read_paths("context", tasks()[task])
    assert has == tasks()[task]["Resource"].endswith(".waitForTaskToken")


def test_a_map_reads_what_its_inner_task_answers() -> None:
    """Its result is the list of those answers; JSONata maps a name over it."""
    ((_, state),) = maps().items()
    assert read_paths("result", {"Assign": state["Assign"]}) == {"frames", "skipped"}
