"""Who asked AWS for what: each call by a role of a stack, once, as a line of a file.

`make test` compares them with what the template allows (tests/permissions). ministack looks at the
permissions of functions alone; here also the calls of state machines, rules and schedules are
written down.
"""

from __future__ import annotations

import contextvars
import json
import re
import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudformation, eventbridge, stepfunctions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ON_PURPOSE: Final = "tried-on-purpose"
"""A session of this name is a test's, which tries what a role may not do."""

TOLD: Final = ("s3:prefix", "s3:if-none-match", "events:source")
"""The keys of conditions that the template's policies have."""

_running: contextvars.ContextVar[str] = contextvars.ContextVar("role", default="")
"""The role of the state machine whose task this thread runs; of a test's copy, nothing."""


class Call(NamedTuple):
    """What a role asked for."""

    role: str
    action: str
    resource: str
    keys: dict[str, Any]


class Notes:
    """The file. What differs from a line only by an id or a time is no new line."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", buffering=1, encoding="utf-8")
        self._seen: set[tuple[str, ...]] = set()
        self._lock = threading.Lock()

    def write(self, call: Call) -> None:
        """Write it down, after the names that the role's stack has given its resources."""
        alike = (call.role, call.action, _shape(call.resource), str(call.keys))
        with self._lock:
            if alike in self._seen:
                return
            self._seen.add(alike)
            stack, role = owner_of(call.role)
            if not stack:
                return
            which = {"name": stack["StackName"], "stack": stack["StackId"]}
            if (which["stack"],) not in self._seen:
                self._seen.add((which["stack"],))
                self._line({**which, "resources": named_in(stack)})
            resource = _in_its_group(call.resource, stack)
            self._line({**which, **call._replace(role=role, resource=resource)._asdict()})

    def _line(self, content: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(content) + "\n")


def note_in(file: Path) -> None:
    """From now on, write down all calls."""
    notes = Notes(file)
    _note_requests(notes)
    _note_tasks(notes)
    _note_targets(notes)


def owner_of(role: str) -> tuple[Any, str]:
    """The stack that has made a role, and how its template calls it; none of others."""
    for stack in list(cloudformation._stacks.values()):
        for name, made in stack.get("_resources", {}).items():
            if made.get("PhysicalResourceId") == role:
                return stack, name
    return None, ""


def named_in(stack: Any) -> dict[str, Any]:
    """What a template's Ref and GetAtt give for each resource of a stack."""
    return {
        name: {"Ref": made.get("PhysicalResourceId"), **(made.get("Attributes") or {})}
        for name, made in stack["_resources"].items()
    }


def _in_its_group(resource: str, stack: Any) -> str:
    """A schedule's ARN as AWS has it: ministack asks for the group `default` for each."""
    kinds = {made.get("ResourceType"): made for made in stack["_resources"].values()}
    group = kinds.get("AWS::Scheduler::ScheduleGroup", {}).get("PhysicalResourceId", "default")
    return resource.replace(":schedule/default/", f":schedule/{group}/")


def _shape(resource: str) -> str:
    """An object's key without what is drawn or counted in it; a socket without its id."""
    head, slash, rest = resource.partition("/")
    if resource.startswith("arn:aws:s3:"):
        return head + slash + re.sub(r"[0-9a-f]{8,}|[^/.]*\d[^/.]*", "0", rest)
    return resource.partition("/@connections/")[0]


def _note_requests(notes: Notes) -> None:
    enforce = iam_evaluator.enforce

    def noted(
        key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: Any = None,
    ) -> Any:
        # Looked at now, for it is put away when its signature has been checked.
        link = getattr(iam_evaluator._signed_request.get(), "presigned", False)
        said = enforce(key, action, service, region, resource_arn, service_context)
        caller = (iam_evaluator.resolve_caller_identity(key) or {}).get("userArn", "")
        _, _, role = caller.partition(":assumed-role/")
        # A link that is not used as it was signed is the fault of whoever has it.
        if role and not role.endswith(f"/{ON_PURPOSE}") and not (said and link):
            given = service_context or {}
            keys = {name: _folder(given[name]) for name in TOLD if name in given}
            notes.write(Call(role.split("/")[0], action, resource_arn, keys))
        return said

    iam_evaluator.enforce = noted


def _folder(value: Any) -> Any:
    """Of a prefix, where it begins: a policy names no more."""
    return re.sub(r"(?<=/)[^/]+", "-", value) if isinstance(value, str) else value


def _note_tasks(notes: Notes) -> None:
    execute = stepfunctions._execute_task
    invoke, wait = stepfunctions._invoke_resource, stepfunctions._invoke_with_callback

    def execute_task(state: Any, given: Any, execution: Any, context: Any) -> Any:
        machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) or {}
        role = machine.get("roleArn", "").rpartition("/")[2]
        _running.set(role if _is_deployed(role, execution["stateMachineArn"]) else "")
        return execute(state, given, execution, context)

    def invoke_resource(resource: str, given: Any) -> Any:
        note(resource, given)
        return invoke(resource, given)

    def invoke_with_callback(resource: str, given: Any, *rest: Any) -> Any:
        note(resource, given)
        return wait(resource, given, *rest)

    def note(resource: str, given: Any) -> None:
        if role := _running.get():
            for action, of in calls_of(resource, given):
                notes.write(Call(role, action, of, {}))

    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_resource = invoke_resource
    stepfunctions._invoke_with_callback = invoke_with_callback


def _is_deployed(role: str, machine: str) -> bool:
    """Whether a stack has made the machine with its role: tests break copies."""
    stack, _ = owner_of(role)
    made = stack["_resources"].values() if stack else ()
    return any(each.get("PhysicalResourceId") == machine for each in made)


def calls_of(resource: str, given: Any) -> Iterator[tuple[str, str]]:
    """What a task asks AWS for; of a kind that is not known here, its name and no resource.

    Rekognition fetches a picture by the rights of whoever names it.
    """
    here = f"{get_region()}:{get_account_id()}"
    task = resource.removeprefix("arn:aws:states:::").removesuffix(".waitForTaskToken")
    match task.removeprefix("aws-sdk:").split(":"):
        case ["lambda", "invoke"]:
            yield "lambda:InvokeFunction", given["FunctionName"]
        case ["states", "startExecution"]:
            yield "states:StartExecution", given["StateMachineArn"]
        case ["dynamodb", operation]:
            yield (
                _action("dynamodb", operation),
                f"arn:aws:dynamodb:{here}:table/{given['TableName']}",
            )
        case ["rekognition", operation]:
            collection = f"arn:aws:rekognition:{here}:collection/{given['CollectionId']}"
            yield _action("rekognition", operation), collection
            if image := given.get("Image", {}).get("S3Object"):
                yield "s3:GetObject", f"arn:aws:s3:::{image['Bucket']}/{image['Name']}"
        case ["s3", operation]:
            yield _action("s3", operation), f"arn:aws:s3:::{given['Bucket']}/{given['Key']}"
        case [service, operation]:
            yield _action(service, operation), "not known"


def _action(service: str, operation: str) -> str:
    return f"{service}:{operation[0].upper()}{operation[1:]}"


def _note_targets(notes: Notes) -> None:
    invoke = eventbridge._invoke_target

    def invoke_target(target: Any, event: Any, rule: Any, view: Any = None) -> Any:
        if role := target.get("RoleArn", "").rpartition("/")[2]:
            notes.write(Call(role, "states:StartExecution", target["Arn"], {}))
        return invoke(target, event, rule, view)

    eventbridge._invoke_target = invoke_target
