"""The state machines as they are deployed: their files are read, their JSONata is evaluated.

A task on the table, and a function's job, are left to the world: they are what interleaves. All
else of an execution happens at once. Step Functions Developer Guide, "States", "Error handling in
workflows", "Wait for a Callback with Task Token".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from jsonata import Jsonata  # type: ignore[import-untyped]

from doorbell.settings import Settings
from proof.model.run import Came, Run

Tree: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Tree], None]
"""A mutation of a machine's states."""

FILES: Final = Path(__file__).resolve().parents[2] / "statemachines"
SECONDS: Final = {
    "PhotoSeconds": 20,
    "GotSeconds": 6,
    "AnswerSeconds": Settings().answer_within,
    "OpenValidFor": Settings().open_valid_for,
    "LateAfter": Settings().late_after,
}
"""The template's defaults."""
NAMES: Final = {
    "Partition": "aws",
    "Table": "rings",
    "RingPathArn": "ring-path",
    "PushArn": "push",
    "VisitorArn": "visitor",
    "CollectionPrefix": "faces",
    "Similarity": "99",
}


class Machines:
    """`visitor` and `watch`, for a visitor with this face."""

    def __init__(self, face: str, change: Mapping[str, Change]) -> None:
        """`face` as the home's collection knows it, empty if it does not. `change`: mutations, by
        machine.
        """
        self._states = {name: _states(name, change.get(name)) for name in ("visitor", "watch")}
        self._face = face
        self.entered: set[str] = set()
        """Every state that an execution has come to: `machine: State`."""
        self.enter = cache(self._enter)
        self.succeed = cache(self._succeed)
        self.fail = cache(self._fail)

    @property
    def states(self) -> set[str]:
        """Every state there is."""
        return {f"{machine}: {state}" for machine, all_ in self._states.items() for state in all_}

    def start(self, machine: str, name: str, given: str, now: float) -> Came:
        """A new execution."""
        (first,) = [s for s in self._states[machine] if s in ("Claim", "Read")]
        return self.enter(Run(name, machine, given, first, "", given, "{}", now), now)

    def arguments(self, run: Run) -> tuple[str, Tree]:
        """What a task on the table asks: operation and arguments."""
        state = self._state(run)
        asked: Tree = _written(state["Arguments"], run, None)
        return state["Resource"].rsplit(":", 1)[-1], asked

    def waits_for_word(self, run: Run) -> bool:
        """Whether the job's end says nothing, and its token everything."""
        return str(self._state(run)["Resource"]).endswith(".waitForTaskToken")

    def _state(self, run: Run) -> Tree:
        state: Tree = self._states[run.machine][run.state]
        return state

    def _enter(self, run: Run, now: float) -> Came:
        state = self._state(run)
        self.entered.add(f"{run.machine}: {run.state}")
        if state["Type"] == "Choice":
            return self._choose(state, run, now)
        if state["Type"] == "Succeed":
            return Came(None)
        if state["Type"] == "Wait":
            seconds = _written(state["Seconds"], run, None)
            return Came(run._replace(phase="wait", until=now + seconds))
        return self._task(state, run, now)

    def _task(self, state: Tree, run: Run, now: float) -> Came:
        resource = state["Resource"]
        if ":dynamodb:" in resource:
            return Came(run._replace(phase="ready", until=0.0))
        if ":rekognition:" in resource:
            return self.succeed(run, json.dumps(_matches(self._face)), now)
        asked = _written(state["Arguments"], run, None)
        if ":startExecution" in resource:
            came = self.succeed(run, "{}", now)
            return came._replace(starts=json.dumps(asked["Input"]))
        if asked["FunctionName"] == "push":
            # No browser of this home takes notices; `doorbell.push` says so.
            return self.fail(run, "no_phone", now)
        until = now + _written(state["TimeoutSeconds"], run, None)
        event = json.dumps(asked["Payload"], sort_keys=True)
        return Came(run._replace(phase="job", until=until), invokes=event)

    def _choose(self, state: Tree, run: Run, now: float) -> Came:
        for choice in state["Choices"]:
            if _written(choice["Condition"], run, None):
                return self._leave(run, choice, run.given, now)
        return self._leave(run, {"Next": state["Default"]}, run.given, now)

    def _succeed(self, run: Run, result: str, now: float) -> Came:
        state = self._state(run)
        return Came(None) if state.get("End") else self._leave(run, state, result, now)

    def _leave(self, run: Run, way: Tree, result: str, now: float) -> Came:
        """By this way: its variables get their values all at once."""
        assigned = {
            name: _written(text, run, result) for name, text in way.get("Assign", {}).items()
        }
        output = _written(way["Output"], run, result) if "Output" in way else json.loads(result)
        variables = json.dumps({**json.loads(run.variables), **assigned}, sort_keys=True)
        given = json.dumps(output, sort_keys=True)
        gone = run._replace(state=way["Next"], given=given, variables=variables, since=now)
        return self.enter(gone._replace(phase="", until=0.0, tries=(), held=0.0), now)

    def _fail(self, run: Run, error: str, now: float) -> Came:
        state = self._state(run)
        tries = run.tries or (0,) * len(state.get("Retry", []))
        for n, retrier in enumerate(state.get("Retry", [])):
            if _catches(retrier, error) and tries[n] < retrier["MaxAttempts"]:
                pause = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** tries[n]
                counted = (*tries[:n], tries[n] + 1, *tries[n + 1 :])
                return Came(run._replace(phase="wait", until=now + pause, tries=counted, held=0.0))
        for catch in state.get("Catch", []):
            if _catches(catch, error):
                return self._leave(run, catch, "{}", now)
        return Came(None, failed=True)

    def wake(self, run: Run, now: float) -> Came:
        """The time that it waited for has come."""
        if run.phase == "job":
            return self.fail(run, "States.Timeout", now)
        if self._state(run)["Type"] == "Wait":
            return self._leave(run, self._state(run), run.given, now)
        return self.enter(run, now)


def _states(machine: str, change: Change | None) -> Tree:
    text = (FILES / f"{machine}.asl.json").read_text("utf-8")
    for name, value in {**SECONDS, **NAMES}.items():
        text = text.replace(
            f"${{{name}}}", f"{value:g}" if isinstance(value, float) else str(value)
        )
    states: Tree = json.loads(text)["States"]
    if change:
        change(states)
    return states


def _matches(face: str) -> Tree:
    return {"FaceMatches": [{"Face": {"FaceId": face}}] if face else []}


def _catches(way: Tree, error: str) -> bool:
    return error in way["ErrorEquals"] or "States.ALL" in way["ErrorEquals"]


def _written(value: Any, run: Run, result: str | None) -> Any:
    """A value of the definition, its JSONata evaluated."""
    if isinstance(value, dict):
        return {name: _written(each, run, result) for name, each in value.items()}
    if isinstance(value, str) and value.startswith("{%"):
        return _evaluated(value[2:-2].strip(), run, result)
    return value


def _evaluated(expression: str, run: Run, result: str | None) -> Any:
    entered = datetime.fromtimestamp(run.since, UTC).isoformat(timespec="milliseconds")
    states = {
        "input": json.loads(run.given),
        "result": json.loads(result or "null"),
        "context": {
            "Execution": {"Id": run.name},
            "State": {"EnteredTime": entered.replace("+00:00", "Z")},
            "Task": {"Token": run.token},
        },
    }
    bound = {**json.loads(run.variables), "states": states}
    return _parsed(expression).evaluate(None, bound)


@cache
def _parsed(expression: str) -> Any:
    return Jsonata.jsonata(expression)
