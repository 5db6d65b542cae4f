"""Fit the template to this machine, in memory.

Functions run on this machine's Python (`local.build`), ministack wants a plain integer where AWS
evaluates JSONata (`plain_timeouts`), and names that it would draw are the same at each start
(`pin_names`). All else stays as it is deployed on AWS.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from local import artifacts
from local.aws import Aws
from local.build import pack
from local.errors import DeploymentFailed
from local.template import Template, read_text


def _resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of type `kind`, by logical id."""
    return {
        name: resource.setdefault("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


APIS = ("AWS::Serverless::WebSocketApi", "AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api")


def pin_names(template: Template, stack: str) -> None:
    """Name what ministack would name anew at each deployment: buckets, and APIs by their ids.

    So a kept home finds its photos again, and its devices the same URL.
    """
    for name, properties in _resources(template, "AWS::S3::Bucket").items():
        drawn = f"{stack}-{name}".lower()[:50]
        properties.setdefault("BucketName", f"{drawn}-{_short_hash(stack, name, 12)}")
    for kind in APIS:
        for name, properties in _resources(template, kind).items():
            # ministack takes an API's id from this tag; it looks for 8 hexadecimal digits in URLs.
            properties.setdefault("Tags", {})["ms-custom-id"] = _short_hash(stack, name, 8)


def _short_hash(stack: str, name: str, digits: int) -> str:
    return hashlib.sha256(f"{stack}:{name}".encode()).hexdigest()[:digits]


def fit_functions(aws: Aws, template: Template, root: Path) -> None:
    """Pack every function to run on this machine's Python. Raises MissingTool, BuildFailed."""
    # SAM joins lists of Globals with a function's own, so arm64 must go in both places.
    (template.get("Globals", {}).get("Function") or {}).pop("Architectures", None)
    functions = _resources(template, "AWS::Serverless::Function")
    with (
        tempfile.TemporaryDirectory(prefix="doorbell-build-") as scratch,
        ThreadPoolExecutor(os.cpu_count()) as threads,
    ):
        packed = threads.map(lambda name: pack(root, name, Path(scratch) / name), functions)
        for (name, properties), code in zip(functions.items(), packed, strict=True):
            properties["CodeUri"] = artifacts.put(aws, name, code)
            properties["Runtime"] = "provided.al2023"
            properties.pop("Architectures", None)
            template["Resources"][name].pop("Metadata", None)


def fit_machines(aws: Aws, template: Template, root: Path, parameters: Mapping[str, str]) -> None:
    """Store every state machine, its timeouts as plain integers. Raises DeploymentFailed."""
    for name, properties in _resources(template, "AWS::Serverless::StateMachine").items():
        if isinstance(properties.get("DefinitionUri"), str):
            text = _definition(root, properties["DefinitionUri"])
            values = _known(
                properties.get("DefinitionSubstitutions", {}),
                template.get("Parameters", {}),
                parameters,
            )
            text = plain_timeouts(text, values)
            properties["DefinitionUri"] = artifacts.put(aws, name, text.encode())


def _definition(root: Path, name: str) -> str:
    """A state machine's file. ministack takes any text, and fails only when it is to run it."""
    text = read_text(root / name, name)
    try:
        # A substitution may stand where a number will, too.
        json.loads(_SUBSTITUTION.sub("0", text))
    except json.JSONDecodeError as error:
        raise DeploymentFailed(
            f"{name} is not JSON: {error.msg} in line {error.lineno}."
        ) from error
    return text


def _known(
    substitutions: Mapping[str, Any], declared: Mapping[str, Any], given: Mapping[str, str]
) -> dict[str, str]:
    """Those substitutions that are known before deployment: literals, and `!Ref` of a parameter."""
    values = {}
    for name, value in substitutions.items():
        match value:
            case {"Ref": parameter} if parameter in declared:
                values[name] = str(given.get(parameter, declared[parameter].get("Default", "")))
            case str() | int():
                values[name] = str(value)
    return values


_SUBSTITUTION = re.compile(r"\$\{\w+\}")
_JSONATA_TIMEOUT = re.compile(
    r"""("TimeoutSeconds"\s*:\s*)"\{%\s*\$number\('\$\{(\w+)\}'\)\s*%\}\"""", re.VERBOSE
)


def plain_timeouts(asl: str, values: Mapping[str, str]) -> str:
    """`"TimeoutSeconds": "{% $number('${AnswerSeconds}') %}"` as the integer it will be.

    AWS takes a JSONata expression there; ministack ends the execution with States.Runtime.
    Nothing else is rewritten, and only on this machine.
    """

    def plain(found: re.Match[str]) -> str:
        value = values.get(found[2], "")
        if not value.isdecimal():
            raise DeploymentFailed(
                f"{found[2]}, how long a state machine waits, is no whole number: {value!r}."
            )
        return f"{found[1]}{int(value)}"

    return _JSONATA_TIMEOUT.sub(plain, asl)
