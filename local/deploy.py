"""Deploy the real `template.yaml` onto this machine.

The same template, functions and state machines as on AWS. What differs is changed here, in
memory: functions run on this machine's Python (`local.build`), and ministack wants a plain
integer where AWS evaluates JSONata (`_plain_timeouts`).
"""

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from samtranslator.yaml_helper import yaml_parse
from yaml import YAMLError

from local.build import pack
from local.errors import DeploymentFailed
from local.server import ROOT, Aws

DEPLOY_SECONDS = 120.0
ARTIFACTS = "doorbell-artifacts"
"""The bucket that packed functions and state machines are deployed from."""

Template = dict[str, Any]


def deploy(
    aws: Aws, *, stack: str = "doorbell", parameters: Mapping[str, str], root: Path = ROOT
) -> dict[str, str]:
    """Create or update `stack` from `root`/template.yaml and give its outputs.

    `LocalEndpoint` is added where the template asks for it.
    Raises BuildFailed, MissingTool, DeploymentFailed.
    """
    template = _read(root / "template.yaml")
    given = _given(template, aws, parameters)
    _put_bucket(aws)
    _fit_functions(aws, template, root)
    _fit_machines(aws, template, root, given)
    _apply(aws, stack, template, given)
    return _await_outputs(aws, stack)


def _read(file: Path) -> Template:
    try:
        template: Template = yaml_parse(file.read_text("utf-8"))
    except YAMLError as error:
        raise DeploymentFailed(f"{file.name} is not YAML: {error}") from error
    return template


def _given(template: Template, aws: Aws, parameters: Mapping[str, str]) -> dict[str, str]:
    declared = template.get("Parameters", {})
    # AWS refuses these; ministack passes them over, and a limit would silently stay unset.
    if unknown := sorted(set(parameters) - set(declared)):
        raise DeploymentFailed(f"The template has no parameter {', '.join(unknown)}.")
    here = {"LocalEndpoint": aws.endpoint} if "LocalEndpoint" in declared else {}
    return {**here, **parameters}


def _put_bucket(aws: Aws) -> None:
    # In us-east-1, creating one's own bucket again is no error.
    aws.client("s3").create_bucket(Bucket=ARTIFACTS)


def _put(aws: Aws, name: str, content: bytes) -> dict[str, str]:
    """Store `content` under a key that names it, so that a change is seen as one."""
    key = f"{name}-{hashlib.sha256(content).hexdigest()[:16]}"
    aws.client("s3").put_object(Bucket=ARTIFACTS, Key=key, Body=content)
    return {"Bucket": ARTIFACTS, "Key": key}


def _resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of type `kind`, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def _fit_functions(aws: Aws, template: Template, root: Path) -> None:
    # SAM joins lists of Globals with a function's own, so arm64 must go in both places.
    template.get("Globals", {}).get("Function", {}).pop("Architectures", None)
    with tempfile.TemporaryDirectory(prefix="doorbell-build-") as scratch:
        for name, properties in _resources(template, "AWS::Serverless::Function").items():
            code = pack(root, name, Path(scratch) / name)
            properties["CodeUri"] = _put(aws, name, code)
            properties["Runtime"] = "provided.al2023"
            properties.pop("Architectures", None)
            template["Resources"][name].pop("Metadata", None)


def _fit_machines(aws: Aws, template: Template, root: Path, parameters: Mapping[str, str]) -> None:
    for name, properties in _resources(template, "AWS::Serverless::StateMachine").items():
        if "DefinitionUri" in properties:
            text = (root / properties["DefinitionUri"]).read_text("utf-8")
            values = _known(
                properties.get("DefinitionSubstitutions", {}),
                template.get("Parameters", {}),
                parameters,
            )
            text = _plain_timeouts(text, values)
            properties["DefinitionUri"] = _put(aws, name, text.encode())


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


_JSONATA_TIMEOUT = re.compile(
    r"""("TimeoutSeconds"\s*:\s*)"\{%\s*\$number\('\$\{(\w+)\}'\)\s*%\}\"""", re.VERBOSE
)


def _plain_timeouts(asl: str, values: Mapping[str, str]) -> str:
    """`"TimeoutSeconds": "{% $number('${AnswerSeconds}') %}"` as the integer it will be.

    AWS takes a JSONata expression there; ministack ends the execution with States.Runtime.
    Nothing else is rewritten, and only on this machine.
    """
    return _JSONATA_TIMEOUT.sub(lambda found: f"{found[1]}{int(values[found[2]])}", asl)


def _apply(aws: Aws, stack: str, template: Template, parameters: Mapping[str, str]) -> None:
    # By URL, as a template may be longer than the 51,200 bytes that a request holds.
    where = _put(aws, "template", json.dumps(template, default=str).encode())
    request = {
        "StackName": stack,
        "TemplateURL": f"{aws.endpoint}/{where['Bucket']}/{where['Key']}",
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
        ],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    cloudformation = aws.client("cloudformation")
    try:
        if _exists(aws, stack):
            cloudformation.update_stack(**request)
        else:
            cloudformation.create_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            reason = error.response["Error"]["Message"]
            raise DeploymentFailed(f"Stack {stack} was refused: {reason}") from error


def _exists(aws: Aws, stack: str) -> bool:
    try:
        aws.client("cloudformation").describe_stacks(StackName=stack)
    except ClientError:
        return False
    return True


def _await_outputs(aws: Aws, stack: str) -> dict[str, str]:
    cloudformation = aws.client("cloudformation")
    deadline = time.monotonic() + DEPLOY_SECONDS
    while time.monotonic() < deadline:
        described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        match described["StackStatus"]:
            case "CREATE_COMPLETE" | "UPDATE_COMPLETE":
                outputs = described.get("Outputs", [])
                return {output["OutputKey"]: output["OutputValue"] for output in outputs}
            case status if status.endswith(("_FAILED", "ROLLBACK_COMPLETE")):
                raise DeploymentFailed(_why(cloudformation, stack, described))
        time.sleep(0.05)
    raise DeploymentFailed(f"Stack {stack} was not ready within {DEPLOY_SECONDS:g} s.")


def _why(cloudformation: Any, stack: str, described: Mapping[str, Any]) -> str:
    """The first resource that failed, and its reason: what follows is only rolling back."""
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    for event in reversed(events):
        if event["ResourceStatus"].endswith("_FAILED") and event["LogicalResourceId"] != stack:
            reason = event.get("ResourceStatusReason", "no reason was given").rstrip(".")
            resource = f"{event['LogicalResourceId']} ({event['ResourceType']})"
            return f"Stack {stack} failed at {resource}: {reason}."
    reason = described.get("StackStatusReason", "no reason was given").rstrip(".")
    return f"Stack {stack} ended as {described['StackStatus']}: {reason}."
