"""AWS's own words on what a task may say and what it gets: botocore's models of the services.

Step Functions writes actions in camelCase and every parameter and every field of a result in
PascalCase, also where the API does not (Step Functions Developer Guide, "Using AWS SDK service
integrations").
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import botocore.loaders
from botocore.model import ServiceModel

if TYPE_CHECKING:
    from tests.template.sources import Tree

STATES: Final = "arn:${Partition}:states:::"
SDK: Final = f"{STATES}aws-sdk:"
OPTIMIZED: Final = {"lambda": "lambda", "states": "stepfunctions"}
"""Services that Step Functions calls by itself, and how botocore calls them."""

ANY_JSON: Final = {"Payload", "Input"}
"""Parameters of those that take JSON as it is, where the API wants its text (Step Functions
Developer Guide, "Invoke an AWS Lambda function", "Start workflow executions")."""


@functools.cache
def service(name: str) -> ServiceModel:
    """A service's model, as botocore carries it. Raises UnknownServiceError."""
    return ServiceModel(botocore.loaders.create_loader().load_service_model(name, "service-2"))


def called(state: Tree) -> tuple[str, str]:
    """The service, by botocore's name, and the action that a task names."""
    named = state["Resource"].removeprefix(STATES).removesuffix(".waitForTaskToken")
    match named.split(":"):
        case ["aws-sdk", name, action]:
            return name, action
        case [name, action]:
            return OPTIMIZED[name], action
    raise AssertionError(f"{state['Resource']} is of no known kind.")


def operation(state: Tree) -> tuple[str, Any]:
    """The service and the operation's model that a task calls. Raises OperationNotFoundError."""
    name, action = called(state)
    assert action[:1].islower(), f"{action}: an action is written in camelCase"
    return name, service(name).operation_model(pascal(action))


def pascal(name: str) -> str:
    """As Step Functions writes it."""
    return name[:1].upper() + name[1:]


def check(shape: Any, value: Any, at: str) -> None:
    """Whether a value fits a shape: names, types, ranges, and nothing required left out.

    Raises AssertionError.
    """
    if isinstance(value, str) and value.startswith("{%"):
        return  # JSONata: what it gives is seen when it runs
    match shape.type_name:
        case "structure":
            _check_structure(shape, value, at)
        case "map":
            assert isinstance(value, dict), at
            for name, member in value.items():
                check(shape.value, member, f"{at}.{name}")
        case "list":
            assert isinstance(value, list), at
            for member in value:
                check(shape.member, member, at)
        case scalar:
            assert isinstance(value, _SCALARS[scalar]), f"{at}: {value!r} is no {scalar}"
            assert not getattr(shape, "enum", None) or value in shape.enum, at
            low = shape.metadata.get("min", value)
            assert isinstance(value, str | bool) or value >= low, at


def _check_structure(shape: Any, value: Any, at: str) -> None:
    assert isinstance(value, dict), at
    members = _members(shape)
    assert set(value) <= set(members), f"{at}: {set(value) - set(members)}"
    required = {pascal(name) for name in shape.required_members}
    assert required <= set(value), f"{at}: {required - set(value)} is required"
    for name, member in value.items():
        if name not in ANY_JSON:
            check(members[name], member, f"{at}.{name}")


def _members(shape: Any) -> dict[str, Any]:
    return {pascal(name): member for name, member in shape.members.items()}


_SCALARS: Final[dict[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "float": (int, float),
}


def find(shape: Any, path: list[str]) -> Any:
    """The shape at a path into a result: names of fields and numbers of places in lists.

    Raises AssertionError where the result has no such thing.
    """
    if not path:
        return shape
    first, *rest = path
    match shape.type_name:
        case "structure":
            assert first in _members(shape), f"{shape.name} has no {first}"
            return find(_members(shape)[first], rest)
        case "map":
            return find(shape.value, rest)
        case "list":
            # JSONata maps a name over a list by itself.
            return find(shape.member, rest if first.isdigit() else path)
        case "blob":
            return shape  # a Lambda's answer: its own affair
    raise AssertionError(f"{shape.name} is a {shape.type_name} and has no {first}")


def sample(shape: Any) -> Any:
    """A value with every field that the shape has, one element in each list."""
    match shape.type_name:
        case "structure":
            return {name: sample(member) for name, member in _members(shape).items()}
        case "map":
            return {"key": sample(shape.value)}
        case "list":
            return [sample(shape.member)]
        case "string":
            return next(iter(getattr(shape, "enum", None) or ["text"]))
        case "boolean":
            return True
    return 1
