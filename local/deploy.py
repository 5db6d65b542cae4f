"""Deploy the real `template.yaml` onto this machine: create or update a stack, and wait for it.

The same template, functions and state machines as on AWS; `local.adapt` changes what differs here.
"""

import ast
import contextlib
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local import artifacts
from local.adapt import fit_functions, fit_machines, pin_names
from local.aws import Aws
from local.errors import DeploymentFailed
from local.server import ROOT
from local.template import Template, read_template
from operations.keys import make_keys

DEPLOY_SECONDS = 120.0
_INIT_ERROR = "init error: "


def deploy(
    aws: Aws, *, stack: str = "doorbell", parameters: Mapping[str, str], root: Path = ROOT
) -> dict[str, str]:
    """Create or update `stack` from `root`/template.yaml and give its outputs.

    `LocalEndpoint` is added where the template asks for it. Keys that a stack has kept as secrets
    are taken over before they go.
    Raises BuildFailed, MissingTool, DeploymentFailed.
    """
    template = read_template(root / "template.yaml")
    given = _given(template, aws, parameters)
    artifacts.make_bucket(aws)
    pin_names(template, stack)
    fit_functions(aws, template, root)
    fit_machines(aws, template, root, given)
    if _exists(aws, stack):
        make_keys(aws.client, stack)
    _apply(aws, stack, template, given)
    return _await_outputs(aws, stack)


def prove(aws: Aws, *, stack: str, function: str, event: Mapping[str, Any]) -> None:
    """Have the function with this logical id work once, which also warms it.

    A function that cannot be imported deploys all the same. Raises DeploymentFailed.
    """
    try:
        answer = invoke(aws, stack=stack, function=function, event=event)
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        raise DeploymentFailed(f"Function {function} cannot be called: {reason}") from error
    if "FunctionError" in answer:
        reason = _function_error(json.load(answer["Payload"]))
        raise DeploymentFailed(f"Function {function} does not work: {reason}.")


def invoke(
    aws: Aws, *, stack: str, function: str, event: Mapping[str, Any], awaited: bool = True
) -> dict[str, Any]:
    """Lambda's answer of the function with this logical id. Raises botocore's ClientError."""
    where = {"StackName": stack, "LogicalResourceId": function}
    found = aws.client("cloudformation").describe_stack_resource(**where)
    answer: dict[str, Any] = aws.client("lambda").invoke(
        FunctionName=found["StackResourceDetail"]["PhysicalResourceId"],
        InvocationType="RequestResponse" if awaited else "Event",
        Payload=json.dumps(event),
    )
    return answer


def _function_error(failed: Mapping[str, Any]) -> str:
    kind, text = failed.get("errorType", "Error"), str(failed.get("errorMessage", ""))
    # ministack wraps what goes wrong before the first event, as Python prints it.
    if text.startswith(_INIT_ERROR):
        with contextlib.suppress(ValueError, SyntaxError):
            return _function_error(ast.literal_eval(text.removeprefix(_INIT_ERROR)))
    return f"{kind}: {' '.join(text.split()).rstrip('.')}"


def _given(template: Template, aws: Aws, parameters: Mapping[str, str]) -> dict[str, str]:
    declared = template.get("Parameters", {})
    # AWS refuses these; ministack passes them over, and a limit would silently stay unset.
    if unknown := sorted(set(parameters) - set(declared)):
        raise DeploymentFailed(f"The template has no parameter {', '.join(unknown)}.")
    for name, value in parameters.items():
        pattern = declared[name].get("AllowedPattern")
        if pattern and not re.fullmatch(pattern, value):
            expected = declared[name].get("ConstraintDescription", pattern)
            raise DeploymentFailed(f"{name} cannot be {value!r}: expected {expected}.")
    here = {"LocalEndpoint": aws.endpoint} if "LocalEndpoint" in declared else {}
    return {**here, **parameters}


def _apply(aws: Aws, stack: str, template: Template, parameters: Mapping[str, str]) -> None:
    # By URL, as a template may be longer than the 51,200 bytes that a request holds.
    where = artifacts.put(aws, "template", json.dumps(template, default=str).encode())
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
