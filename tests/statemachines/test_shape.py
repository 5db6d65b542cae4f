"""The machines as they are written: linted, whole, and safe when something fails."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, get_args

import pytest
from statelint.config import Config
from statelint.linter import Linter

from doorbell.errors import FilmFailure
from doorbell.protocol import REASONS
from functions.film.entry import JOBS as FILM_JOBS
from functions.ring_path.entry import STEPS
from tests.statemachines.asl import (
    END,
    FILES,
    as_linters_know_it,
    definition,
    edges,
    maps,
    strings,
    tasks,
    text,
)
from tests.template.sources import ROOT, machines
from tests.template.tools import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.template.sources import Tree

EVERY: Final = pytest.mark.parametrize("machine", FILES)

NO_CATCH: Final = {
    ("Visitor", "Do"): "the rule on failed executions rings, or says that the door did not open",
    ("Watch", "Recover"): "an alarm, and the door that chimes by itself",
    ("Watch", "CheckOpen"): "an alarm: a phone shows for itself that no door said it opened",
    ("Enrol", "AnswerProbe"): "who waits for it probes again, and says so",
    ("Enrol", "Refuse"): "there is nothing left to do but the alarm on the function's errors",
    ("StopMotion", "MakeSegment"): "the Map around it has one",
    ("StopMotion", "Finish"): "the film is there; its parts go with the films, by lifecycle",
    ("StopMotion", "GiveUp"): "an alarm, and the next film",
}
"""Tasks without a Catch, and what stands behind them."""


@EVERY
def test_statelint_finds_nothing(machine: str) -> None:
    """Transitions, fields and JSONata are what the Amazon States Language has."""
    assert Linter.validate(as_linters_know_it(machine), Config(evaluate_jsonata=True)) == []


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    """cfn-lint knows JSONata, but only in a plain StateMachine: so each is wrapped in one."""
    status, said = _cfn_lint(tmp_path, {machine: as_linters_know_it(machine) for machine in FILES})
    assert status == 0, said


def test_cfn_lint_is_at_work(tmp_path: Path) -> None:
    """A JSONPath field in one of our tasks is complained about."""
    broken = as_linters_know_it("Visitor")
    broken["States"]["IssueCode"]["ResultPath"] = "$.code"
    status, said = _cfn_lint(tmp_path, {"Visitor": broken})
    assert status != 0, said


def _cfn_lint(folder: Path, definitions: dict[str, Tree]) -> tuple[int, str]:
    wrapped = {
        name: {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": "arn:aws:iam::123456789012:role/any",
                "Definition": states,
                "DefinitionSubstitutions": dict.fromkeys(machines()[name][_SUBSTITUTIONS], "1"),
            },
        }
        for name, states in definitions.items()
    }
    template = folder / "wrapped.json"
    template.write_text(json.dumps({"Resources": wrapped}), "utf-8")
    return run("cfn-lint", "--template", template)


_SUBSTITUTIONS: Final = "DefinitionSubstitutions"


def test_every_file_is_deployed() -> None:
    """Each state machine's file belongs to one machine of the template."""
    assert sorted(FILES.values()) == sorted((ROOT / "statemachines").iterdir())


@EVERY
def test_placeholders_are_what_the_template_fills(machine: str) -> None:
    """No placeholder stays empty, and none is filled in vain."""
    placeholders = set(re.findall(r"\$\{(\w+)\}", text(machine)))
    assert placeholders == set(machines()[machine][_SUBSTITUTIONS])


@EVERY
def test_every_state_is_reached_and_leads_to_an_end(machine: str) -> None:
    """No state that nothing leads to, no transition into nothing, and a way to success from
    everywhere.
    """
    written = definition(machine)
    states = written["States"]
    ways = edges(machine, states)
    assert _from(written["StartAt"], {(e.state, e.to) for e in ways}) == {*states, END}
    assert _from(END, {(e.to, e.state) for e in ways}) == {*states, END}


def _from(start: str, steps: set[tuple[str, str]]) -> set[str]:
    reached: set[str] = set()
    ahead = {start}
    while ahead:
        reached |= ahead
        ahead = {to for state, to in steps if state in ahead} - reached
    return reached


@EVERY
def test_no_state_gives_up(machine: str) -> None:
    """There is no Fail state: whatever a machine decides, it ends in success or rings."""
    assert {state["Type"] for state in definition(machine)["States"].values()} <= {
        "Pass",
        "Choice",
        "Wait",
        "Task",
        "Map",
        "Succeed",
    }


@EVERY
def test_a_machine_ends_by_itself(machine: str) -> None:
    """A limit on the whole, longer than the longest wait that a deployment may set."""
    low, high = {"StopMotion": (9_000, 43_200)}.get(machine, (300, 900))
    assert low <= definition(machine)["TimeoutSeconds"] <= high
    assert definition(machine)["QueryLanguage"] == "JSONata"


@pytest.mark.parametrize("task", tasks(), ids=str)
def test_a_task_is_bounded_and_repeated(task: tuple[str, str]) -> None:
    """Every task has a time limit and retries, and a Catch or a reason to have none."""
    state = tasks()[task]
    assert state["TimeoutSeconds"]
    assert state["Retry"]
    catches_all = any("States.ALL" in each["ErrorEquals"] for each in state.get("Catch", []))
    assert catches_all or task in NO_CATCH


@pytest.mark.parametrize("each", maps(), ids=str)
def test_a_map_leaves_functions_to_the_door_and_does_one_thing(each: tuple[str, str]) -> None:
    """A new account may run ten functions at once. Inside is one task, whose errors it catches."""
    state = maps()[each]
    assert 1 <= state["MaxConcurrency"] <= 5
    assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    (inner,) = state["ItemProcessor"]["States"].values()
    assert inner["Type"] == "Task"
    assert inner["End"] is True


def test_reasons_are_of_tasks_that_are() -> None:
    """No reason is left over from a task that has a Catch, or is gone."""
    assert {task for task, state in tasks().items() if not state.get("Catch")} == set(NO_CATCH)


def test_ringing_through_that_fails_rings_without_waiting() -> None:
    """Nobody's answer is no error; with any other, it rings and an answer opens by itself."""
    time_out, anything = tasks()["Visitor", "RingThrough"]["Catch"]
    assert (time_out["ErrorEquals"], time_out["Assign"]["do"]) == (["States.Timeout"], "no_answer")
    assert (anything["ErrorEquals"], anything["Assign"]["do"]) == (["States.ALL"], "recover")
    assert time_out["Next"] == anything["Next"] == "Do"


def test_every_error_of_a_visitor_rings() -> None:
    """Until somebody is asked, whatever is caught goes to the bell."""
    for (machine, name), state in tasks().items():
        if machine == "Visitor" and name not in ("RingThrough", *(n for _, n in NO_CATCH)):
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
            assert state["Catch"][-1]["Next"] == "RingThrough"


def test_every_reason_to_ring_is_of_the_protocol() -> None:
    """The machines name no reason that phones and doors do not know."""
    named = {reason for machine in FILES if machine != "StopMotion" for reason in _reasons(machine)}
    assert named
    assert named <= set(REASONS)


def test_every_reason_to_have_no_film_is_one_that_is_told() -> None:
    assert _reasons("StopMotion") == {"no_pictures", "unavailable"}
    assert _reasons("StopMotion") <= set(get_args(FilmFailure))


def test_every_job_of_films_is_asked_for() -> None:
    """By the machine, or by the rules for bursts and for executions that were stopped."""
    asked = {each["do"] for each in _dicts(definition("StopMotion")) if "do" in each}
    assert asked | {"film_burst", "stopped"} == set(FILM_JOBS)


def _reasons(machine: str) -> set[str]:
    return {
        each["reason"]
        for each in _dicts(definition(machine))
        if "reason" in each and not each["reason"].startswith("{%")
    }


def test_every_job_is_one_of_the_ring_path() -> None:
    """Each `do` is a job of RingPath, and each such job is done by some state."""
    asked = [
        each["do"]
        for machine in ("Visitor", "Watch")
        for each in _dicts(definition(machine))
        if "do" in each
    ]
    asked.remove("push_code")  # of another function, off the path
    one_of = re.compile(r"^\{% .* \? '(\w+)' : '(\w+)' %\}$")
    literal = {do for do in asked if not do.startswith("{%")}
    chosen = {
        name for do in asked for found in [one_of.match(do)] if found for name in found.groups()
    }
    assert literal | chosen == set(STEPS)


def test_every_job_that_is_still_open_has_all_it_needs() -> None:
    """`Do` sends four variables: whoever leads there sets them, or they are set before."""
    states = definition("Visitor")["States"]
    leading = [each for each in _dicts(states) if each.get("Next") == "Do"]
    assert leading
    for way in leading:
        assert {"do", "answer", "by"} <= set(way["Assign"])


def test_no_state_can_hold_a_code() -> None:
    """The job that draws a code answers nothing that a state asks for: it goes on, or it ends."""
    issue = tasks()["Visitor", "IssueCode"]
    assert "Assign" not in issue
    assert "Output" not in issue
    assert not [text for text in strings(issue) if "$states.result" in text]
    assert issue["End"] is True


def test_a_phones_word_ends_the_wait_for_it() -> None:
    """All tasks that wait for a phone give the job where they wait, and wait a bounded time."""
    waiting = {
        name: state
        for (_, name), state in tasks().items()
        if state["Resource"].endswith(".waitForTaskToken")
    }
    assert set(waiting) == {"IssueCode", "PushCode", "RingThrough"}
    for state in waiting.values():
        assert state["Arguments"]["Payload"]["token"] == "{% $states.context.Task.Token %}"
    assert "GotSeconds" in waiting["IssueCode"]["TimeoutSeconds"]
    assert waiting["PushCode"]["TimeoutSeconds"] <= 7
    assert "AnswerSeconds" in waiting["RingThrough"]["TimeoutSeconds"]


def test_only_the_visitors_own_photo_is_searched_and_one_face_decides() -> None:
    """The key and bucket come from S3's event, never from a fixed place; one match is enough."""
    arguments = tasks()["Visitor", "SearchFaces"]["Arguments"]
    photo = {"Bucket": "{% $photo.bucket %}", "Name": "{% $photo.key %}"}
    assert arguments["Image"] == {"S3Object": photo}
    assert arguments["MaxFaces"] == 1


def _dicts(value: object) -> list[Tree]:
    match value:
        case dict():
            return [value, *(found for each in value.values() for found in _dicts(each))]
        case list():
            return [found for each in value for found in _dicts(each)]
    return []
