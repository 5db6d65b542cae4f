"""What the servers of a run have written down, and the template's policies in their names."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.permissions.evaluator import Request, Statement
from tests.template.sources import Tree, listed, rendered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ACCOUNT: Final = {"AWS::Partition": "aws", "AWS::Region": "us-east-1"}
"""Beside these, and the account's id: of what the one machine plays."""

ANSWERS: Final = ("states:SendTaskSuccess", "states:SendTaskFailure")


class Deployed(NamedTuple):
    """A stack of the doorbell that was up, and what its resources were called."""

    name: str
    resources: Mapping[str, Mapping[str, Any]]

    def resolved(self, value: Any) -> Any:
        """A part of the template with its references followed. Raises KeyError."""
        match value:
            case {"Ref": str(name)}:
                return self._name(name)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self.resources[name][attribute]
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: self._name(found[1]), text)
            case dict():
                return {key: self.resolved(each) for key, each in value.items()}
            case list():
                return [self.resolved(each) for each in value]
        return value

    def _name(self, name: str) -> str:
        if name == "AWS::StackName":
            return self.name
        if name == "AWS::AccountId":
            return str(self.resources["RingPath"]["Arn"].split(":")[4])
        if name in ACCOUNT:
            return ACCOUNT[name]
        resource, _, attribute = name.partition(".")
        return str(self.resources[resource][attribute or "Ref"])


class Asked(NamedTuple):
    """A call, and who made it."""

    stack: Deployed
    role: str
    request: Request


def calls(folder: Path) -> list[Asked]:
    """All calls of all workers."""
    return [asked for file in sorted(folder.glob("*.jsonl")) for asked in _calls_in(file)]


def _calls_in(file: Path) -> Iterator[Asked]:
    stacks: dict[str, Deployed] = {}
    for line in file.read_text("utf-8").splitlines():
        match json.loads(line):
            case {"stack": stack, "name": name, "resources": resources}:
                stacks[stack] = Deployed(name, resources)
            case {"stack": stack, "role": role, **call}:
                if set(resources_here()) <= set(stacks[stack].resources):
                    yield Asked(stacks[stack], role, _request(stacks[stack], call))


def _request(stack: Deployed, call: Mapping[Any, Any]) -> Request:
    resource = call["resource"]
    if call["action"] in ANSWERS and resource == "*":
        # AWS finds the state machine in the task's token; the one machine does not.
        resource = stack.resources["Visitor"]["Ref"]
    # It speaks plain HTTP on loopback, where AWS speaks TLS.
    return Request(call["action"], resource, {"aws:SecureTransport": "true", **call["keys"]})


@functools.cache
def resources_here() -> Tree:
    """What a stack of this template has on one machine: tests also deploy others, and former."""
    found: Tree = rendered("http://127.0.0.1:4566")["Resources"]
    return found


@functools.cache
def roles() -> dict[str, list[Statement]]:
    """What each role may do on AWS, as SAM has transformed the template."""
    return {
        name: [
            statement
            for policy in resource["Properties"].get("Policies", [])
            for statement in listed(policy["PolicyDocument"]["Statement"])
        ]
        for name, resource in rendered()["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def of_bucket() -> list[Statement]:
    """What the bucket itself says of whoever comes."""
    found: Tree = rendered()["Resources"]["BucketPolicy"]["Properties"]["PolicyDocument"]
    return listed(found["Statement"])


class Permission(NamedTuple):
    """One action on one resource that a role is allowed, as the template writes it."""

    role: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role}: {self.action} on {self.resource}"


def permissions() -> Iterator[tuple[Permission, Statement]]:
    """All of them, one by one, with a statement that allows nothing else."""
    for role, statements in roles().items():
        for statement in statements:
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    alone = {**statement, "Action": action, "Resource": resource}
                    yield Permission(role, action, as_written(resource)), alone


def as_written(resource: Any) -> str:
    """A resource as a person would write it down."""
    match resource:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": str(text)}:
            return text
    return str(resource)
