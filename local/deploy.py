"""Deploy the real `template.yaml` onto this machine.

The same template, functions and state machines as on AWS. What differs is changed here, in
memory: functions run on this machine's Python (`local.build`), and ministack wants a plain
integer where AWS evaluates JSONata (`_plain_timeouts`).
"""

import ast
import contextlib
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
from yaml import MarkedYAMLError, YAMLError

from local.aws import Aws
from local.build import pack
from local.errors import DeploymentFailed
from local.references import dangling
from local.server import ROOT

DEPLOY_SECONDS = 120.0
ARTIFACTS = "doorbell-artifacts"
"""The bucket that packed functions and state machines are deployed from."""
_INIT_ERROR = "init error: "

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


def prove(aws: Aws, *, stack: str, function: str, event: Mapping[str, Any]) -> None:
    """Have the function with this logical id work once, which also warms it.

    A function that cannot be imported deploys all the same. Raises DeploymentFailed.
    """
    where = {"StackName": stack, "LogicalResourceId": function}
    try:
        found = aws.client("cloudformation").describe_stack_resource(**where)
        answer = aws.client("lambda").invoke(
            FunctionName=found["StackResourceDetail"]["PhysicalResourceId"],
            Payload=json.dumps(event),
        )
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        raise DeploymentFailed(f"Function {function} cannot be called: {reason}") from error
    if "FunctionError" in answer:
        reason = _function_error(json.load(answer["Payload"]))
        raise DeploymentFailed(f"Function {function} does not work: {reason}.")


def _function_error(failed: Mapping[str, Any]) -> str:
    kind, text = failed.get("errorType", "Error"), str(failed.get("errorMessage", ""))
    # ministack wraps what goes wrong before the first event, as Python prints it.
    if text.startswith(_INIT_ERROR):
        with contextlib.suppress(ValueError, SyntaxError):
            return _function_error(ast.literal_eval(text.removeprefix(_INIT_ERROR)))
    return f"{kind}: {' '.join(text.split()).rstrip('.')}"


def _read(file: Path) -> Template:
    """The template. Raises DeploymentFailed unless it is one, whole and with all it refers to."""
    try:
        read = yaml_parse(_text(file, file.name))
    except YAMLError as error:
        raise DeploymentFailed(f"{file.name} is not YAML: {_in_one_line(error)}.") from error
    if not isinstance(read, dict):
        raise DeploymentFailed(f"{file.name} is {'no mapping' if read else 'empty'}.")
    # A section without anything in it is read as None.
    template = {section: content for section, content in read.items() if content is not None}
    _check(template, file.name)
    return template


def _check(template: Template, name: str) -> None:
    for section in ("Parameters", "Globals", "Conditions", "Resources", "Outputs"):
        if not isinstance(template.get(section, {}), dict):
            raise DeploymentFailed(f"{section} of {name} is no mapping.")
    if "Resources" not in template:
        raise DeploymentFailed(f"{name} has no Resources.")
    for resource, content in template["Resources"].items():
        match content:
            case {"Type": str(), "Properties": dict()}:
                pass
            case {"Type": str()} if "Properties" not in content:
                pass
            case _:
                raise DeploymentFailed(f"Resource {resource} of {name} has no Type or Properties.")
    for place, target in dangling(template):
        raise DeploymentFailed(
            f"{place} of {name} refers to {target}, which is no parameter and no resource."
        )


def _text(file: Path, name: str) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise DeploymentFailed(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DeploymentFailed(f"{name} is not UTF-8 text.") from error


def _in_one_line(error: YAMLError) -> str:
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return " ".join(str(error).split())


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
        name: resource.setdefault("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def _fit_functions(aws: Aws, template: Template, root: Path) -> None:
    # SAM joins lists of Globals with a function's own, so arm64 must go in both places.
    (template.get("Globals", {}).get("Function") or {}).pop("Architectures", None)
    with tempfile.TemporaryDirectory(prefix="doorbell-build-") as scratch:
        for name, properties in _resources(template, "AWS::Serverless::Function").items():
            code = pack(root, name, Path(scratch) / name)
            properties["CodeUri"] = _put(aws, name, code)
            properties["Runtime"] = "provided.al2023"
            properties.pop("Architectures", None)
            template["Resources"][name].pop("Metadata", None)


def _fit_machines(aws: Aws, template: Template, root: Path, parameters: Mapping[str, str]) -> None:
    for name, properties in _resources(template, "AWS::Serverless::StateMachine").items():
        if isinstance(properties.get("DefinitionUri"), str):
            text = _definition(root, properties["DefinitionUri"])
            values = _known(
                properties.get("DefinitionSubstitutions", {}),
                template.get("Parameters", {}),
                parameters,
            )
            text = _plain_timeouts(text, values)
            properties["DefinitionUri"] = _put(aws, name, text.encode())


def _definition(root: Path, name: str) -> str:
    """A state machine's file. ministack takes any text, and fails only when it is to run it."""
    text = _text(root / name, name)
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


def _plain_timeouts(asl: str, values: Mapping[str, str]) -> str:
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
