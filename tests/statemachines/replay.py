"""Which edges an execution took, from its history.

Several ways may lead from one state to the same next one, and a history names only states. So the
variables are worked out anew, with a JSONata of its own, and every Choice and Catch is decided
again: it must come to the same next state as the execution did.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jsonata import Jsonata  # type: ignore[import-untyped]

from tests.statemachines.asl import END, Edge, ends

if TYPE_CHECKING:
    from tests.statemachines.works import Run
    from tests.template.sources import Tree


def edges_of(run: Run) -> set[Edge]:
    """The edges that this execution took. Raises AssertionError where it should have gone
    elsewhere.
    """
    replay = _Replay(run)
    for event in run.events:
        replay.see(event)
    return replay.taken


class _Replay:
    def __init__(self, run: Run) -> None:
        self.taken: set[Edge] = set()
        self._run = run
        self._variables: Tree = {}
        self._at: str | None = None
        self._states: Tree = {}
        self._error: str | None = None
        self._inner: list[Any] = []
        """Of a Map: what its items have answered."""

    def see(self, event: Tree) -> None:
        """The next event of the history."""
        if event["type"].endswith("StateEntered"):
            entered = event["stateEnteredEventDetails"]
            if self._at is not None:
                self._leave(self._at, entered["name"])
            self._enter(entered["name"], json.loads(entered["input"]), event["timestamp"])
        elif event["type"] == "ExecutionSucceeded" and self._at is not None:
            self._leave(self._at, END)
        elif event["type"] == "TaskSucceeded":
            self._succeeded(json.loads(event["taskSucceededEventDetails"]["output"]))
        elif event["type"] == "TaskFailed":
            self._error = event["taskFailedEventDetails"]["error"]

    def _succeeded(self, result: Any) -> None:
        """A task did; or one within a Map, whose result is that of each item."""
        state = self._run.definition["States"][self._at]
        if state["Type"] != "Map":
            self._states["result"], self._error = result, None
            return
        (inner,) = state["ItemProcessor"]["States"].values()
        self._inner.append(self._value(inner["Output"], {**self._states, "result": result}))
        self._states["result"] = self._inner
        if len(self._inner) == len(self._value(state["Items"])):
            self._error = None

    def _enter(self, state: str, given: Any, at: datetime) -> None:
        entered = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        execution = {"Id": self._run.arn, "Name": self._run.name}
        self._at = state
        self._error = None
        self._inner = []
        self._states = {
            "input": given,
            "result": given,
            "context": {"Execution": execution, "State": {"Name": state, "EnteredTime": entered}},
        }

    def _leave(self, name: str, to: str) -> None:
        state = self._run.definition["States"][name]
        way, taken = self._way(state)
        target = {"default": state.get("Default"), "end": END}.get(way, taken.get("Next"))
        assert target == to, f"{self._run.arn}: {name} -{way}-> {target}, but it went to {to}"
        # All of a state's variables get their values at once.
        self._variables |= {
            variable: self._value(written) for variable, written in taken.get("Assign", {}).items()
        }
        self.taken.add(Edge(self._run.machine, name, way, to))

    def _way(self, state: Tree) -> tuple[str, Tree]:
        if state["Type"] == "Choice":
            for n, choice in enumerate(state["Choices"]):
                if self._value(choice["Condition"]):
                    return f"choice {n}", choice
            return "default", state
        if self._error is not None:
            for n, catch in enumerate(state["Catch"]):
                if self._error in catch["ErrorEquals"] or "States.ALL" in catch["ErrorEquals"]:
                    return f"catch {n}", catch
        return ("end" if ends(state) else "next"), state

    def _value(self, written: Any, states: Tree | None = None) -> Any:
        if isinstance(written, str) and written.startswith("{%"):
            bound = {**self._variables, "states": states or self._states}
            return Jsonata.jsonata(written[2:-2].strip()).evaluate(None, bound)
        return written
