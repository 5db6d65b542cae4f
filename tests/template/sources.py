"""The template as it is written, and as SAM makes it for AWS or for one machine."""

from __future__ import annotations

import copy
import functools
import os
import re
from pathlib import Path
from typing import Any, Final, TypeAlias
from unittest import mock

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT: Final = Path(__file__).resolve().parents[2]
Tree: TypeAlias = dict[str, Any]

SOMEWHERE: Final = {"Bucket": "artifacts", "Key": "packed"}
LOGS_ALONE: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def template() -> Tree:
    """`template.yaml`: a copy of its own for each caller."""
    return copy.deepcopy(_template())


@functools.cache
def _template() -> Tree:
    read: Tree = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
    return read


def properties(kind: str) -> dict[str, Tree]:
    """The properties of every resource of this type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template()["Resources"].items()
        if resource["Type"] == kind
    }


def functions() -> dict[str, Tree]:
    """The Lambda functions."""
    return properties("AWS::Serverless::Function")


def machines() -> dict[str, Tree]:
    """The state machines."""
    return properties("AWS::Serverless::StateMachine")


def listed(value: Any) -> list[Any]:
    """IAM writes one thing, or a list of things."""
    return value if isinstance(value, list) else [value]


def translated(source: Tree) -> Tree:
    """What SAM makes of a template, with conditions as they stand."""
    for resource in source["Resources"].values():
        given = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            given["CodeUri"] = SOMEWHERE
        if resource["Type"] == "AWS::Serverless::StateMachine":
            given["DefinitionUri"] = SOMEWHERE
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": "eu-central-1"}):
        made: Tree = Translator({"AWSLambdaBasicExecutionRole": LOGS_ALONE}, Parser()).translate(
            source, {}
        )
    return made


@functools.cache
def rendered(local_endpoint: str = "") -> Tree:
    """What CloudFormation gets from SAM, with every condition decided."""
    made = translated(template())
    values = {name: each.get("Default", "") for name, each in made["Parameters"].items()}
    conditions = {
        name: _holds(each, values | {"LocalEndpoint": local_endpoint})
        for name, each in made["Conditions"].items()
    }
    kept = {
        name: each
        for name, each in made["Resources"].items()
        if conditions.get(each.get("Condition", ""), True)
    }
    told = {
        name: each
        for name, each in made["Outputs"].items()
        if conditions.get(each.get("Condition", ""), True)
    }
    decided: Tree = _decided({**made, "Resources": kept, "Outputs": told}, conditions)
    return decided


def _holds(condition: Any, values: Tree) -> bool:
    match condition:
        case {"Fn::Not": [inner]}:
            return not _holds(inner, values)
        case {"Fn::Equals": [left, right]}:
            return bool(_value(left, values) == _value(right, values))
    raise AssertionError(f"This condition is of no known kind: {condition}")


def _value(operand: Any, values: Tree) -> Any:
    return values[operand["Ref"]] if isinstance(operand, dict) else operand


def _decided(value: Any, conditions: dict[str, bool]) -> Any:
    match value:
        case {"Fn::If": [name, yes, no]}:
            return _decided(yes if conditions[name] else no, conditions)
        case dict():
            return {key: _decided(each, conditions) for key, each in value.items()}
        case list():
            return [_decided(each, conditions) for each in value]
    return value


def named(value: Any) -> set[str]:
    """Every resource or parameter that a value speaks of, through Ref, GetAtt, Sub or DependsOn."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return {name}
        case {"Fn::Sub": [str(text), dict(own)]}:
            return (_named_in(text) - set(own)) | named(own)
        case {"Fn::Sub": str(text)}:
            return _named_in(text)
        case dict():
            waits_for = set(listed(value.get("DependsOn", [])))
            return waits_for.union(*(named(each) for each in value.values()))
        case list():
            return set().union(*(named(each) for each in value))
    return set()


def _named_in(text: str) -> set[str]:
    return {name.split(".")[0] for name in re.findall(r"\$\{([\w:.]+)\}", text)}
