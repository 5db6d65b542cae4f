"""The deployed machines at work: start them, wait for them, break a copy of one, read what ran."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.stack import Stack
    from tests.template.sources import Tree

PATIENCE: Final = 30.0
NAMES: Final = {
    "Visitor": "visitor",
    "Watch": "watchdog",
    "Enrol": "enrol",
    "StopMotion": "film",
}
"""How each machine is called behind the stack's name."""


class Run(NamedTuple):
    """One execution of a machine, or of a broken copy of it."""

    machine: str
    definition: Tree
    arn: str
    name: str
    given: Any
    events: list[Tree]

    def states(self) -> list[str]:
        """The states it has entered, in order."""
        return [
            event["stateEnteredEventDetails"]["name"]
            for event in self.events
            if event["type"].endswith("StateEntered")
        ]

    def result(self, state: str) -> Any:
        """What the task in this state answered. Raises ValueError if it never came there."""
        entered = [event.get("stateEnteredEventDetails", {}).get("name") for event in self.events]
        after = self.events[entered.index(state) :]
        details = next(e for e in after if e["type"] == "TaskSucceeded")
        return json.loads(details["taskSucceededEventDetails"]["output"])


class Works:
    """The state machines of one stack."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._sfn = stack.aws.client("stepfunctions")
        of_visitor = stack.outputs["Visitor"]
        self._arns = {
            machine: of_visitor.removesuffix("visitor") + name for machine, name in NAMES.items()
        }
        self._copies: dict[str, str] = {}
        self._inputs: dict[str, str] = {}

    def start(self, machine: str, given: Tree, name: str | None = None) -> str:
        """Start a machine, by its name or by a copy's ARN; the execution's ARN."""
        request = {"stateMachineArn": self._arns.get(machine, machine), "input": json.dumps(given)}
        started = self._sfn.start_execution(**request, **({"name": name} if name else {}))
        return str(started["executionArn"])

    def arn_of(self, machine: str, name: str) -> str:
        """The ARN that an execution of this name will have."""
        return self._arns[machine].replace(":stateMachine:", ":execution:") + f":{name}"

    def broken(self, machine: str, change: Callable[[Tree], None]) -> str:
        """A copy of the deployed machine in which something is changed; its ARN."""
        described = self._sfn.describe_state_machine(stateMachineArn=self._arns[machine])
        definition = json.loads(described["definition"])
        change(definition["States"])
        made = self._sfn.create_state_machine(
            name=f"{machine.lower()}-{len(self._copies)}-{self.stack.name}",
            definition=json.dumps(definition),
            roleArn=described["roleArn"],
        )
        self._copies[made["stateMachineArn"]] = machine
        return str(made["stateMachineArn"])

    def stop(self, execution: str) -> None:
        """Abort it."""
        self._sfn.stop_execution(executionArn=execution)

    def fail_task(self, token: str, error: str) -> None:
        """Let the task that waits with this token fail with this error."""
        self._sfn.send_task_failure(taskToken=token, error=error, cause="by a test")

    def ended(self, execution: str) -> str:
        """Wait until it has ended: how."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status = self._sfn.describe_execution(executionArn=execution)["status"]
            if status != "RUNNING":
                return str(status)
            time.sleep(0.03)
        raise AssertionError(f"{execution} still runs: it is at {self.read(execution).states()}")

    def output(self, execution: str) -> Any:
        """What it answered."""
        return json.loads(self._sfn.describe_execution(executionArn=execution)["output"])

    def came_to(self, execution: str, state: str) -> None:
        """Wait until it has entered this state."""
        deadline = time.monotonic() + PATIENCE
        while state not in self.read(execution).states():
            assert time.monotonic() < deadline, f"{execution} never came to {state}"
            time.sleep(0.03)

    def started_for(self, machine: str, mark: str, count: int = 1) -> list[str]:
        """Wait for so many executions whose input speaks of `mark`; their ARNs, oldest first."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = [arn for arn in self._executions(self._arns[machine]) if mark in self._of(arn)]
            if len(found) >= count:
                return found[::-1]
            assert time.monotonic() < deadline, f"{len(found)} of {count} {machine}s for {mark}"
            time.sleep(0.03)

    def read(self, execution: str) -> Run:
        """What it did until now."""
        described = self._sfn.describe_execution(executionArn=execution)
        machine_arn = described["stateMachineArn"]
        machine = self._copies.get(machine_arn) or self._named(machine_arn)
        written = self._sfn.describe_state_machine(stateMachineArn=machine_arn)["definition"]
        pages = self._sfn.get_paginator("get_execution_history").paginate(executionArn=execution)
        return Run(
            machine,
            json.loads(written),
            execution,
            described["name"],
            json.loads(described["input"]),
            [event for page in pages for event in page["events"]],
        )

    def all(self) -> Iterator[Run]:
        """Every execution there was, also of copies."""
        for machine_arn in [*self._arns.values(), *self._copies]:
            for execution in self._executions(machine_arn):
                yield self.read(execution)

    def _executions(self, machine_arn: str) -> list[str]:
        pages = self._sfn.get_paginator("list_executions").paginate(stateMachineArn=machine_arn)
        return [str(each["executionArn"]) for page in pages for each in page["executions"]]

    def _of(self, execution: str) -> str:
        if execution not in self._inputs:
            described = self._sfn.describe_execution(executionArn=execution)
            self._inputs[execution] = described["input"]
        return self._inputs[execution]

    def _named(self, machine_arn: str) -> str:
        return next(machine for machine, arn in self._arns.items() if arn == machine_arn)
