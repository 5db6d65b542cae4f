"""A stack of the time when there was one table gets its second one, and nobody notices.

`prepare` comes before the update: it adds the second table to the stack as it is, and copies into
it what will be looked for there. `finish` comes after it. In between, both versions find every
device and every face; what comes and goes with rings stays where it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from doorbell.aws.dynamodb.table import TableNames
from operations.misplaced import Misplaced
from operations.stacks import outputs_in

if TYPE_CHECKING:
    import boto3

SECOND: Final = "HouseholdTable"
CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
SCRATCH: Final = "updates/second-table.json"
"""Where the changed template stands in the stack's bucket: a request would be too small for it."""


def prepare(session: boto3.Session, endpoint: str | None, name: str, pause: float = 5) -> int:
    """Give the stack its second table; how many rows were copied. Whoever is stopped half way
    begins anew: a table that is there may lack rows.
    """
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    outputs = _outputs(cloudformation, name)
    if not outputs:
        return 0
    if SECOND not in outputs:
        _add_table(session, endpoint, name, outputs["Bucket"])
        waiter = cloudformation.get_waiter("stack_update_complete")
        waiter.wait(StackName=name, WaiterConfig={"Delay": pause, "MaxAttempts": 120})  # type: ignore[typeddict-item]
        outputs = _outputs(cloudformation, name)
    names = TableNames(outputs["Table"], outputs[SECOND])
    return Misplaced(session, endpoint, names).copy()


def finish(session: boto3.Session, endpoint: str | None, names: TableNames) -> int:
    """Remove what the first table holds no longer; how many rows. A second time, none."""
    return Misplaced(session, endpoint, names).remove()


def _add_table(session: boto3.Session, endpoint: str | None, name: str, bucket: str) -> None:
    """The stack as it is, with a second table like its first; whatever runs goes on running."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    body: Any = cloudformation.get_template(StackName=name, TemplateStage="Processed")
    template = body["TemplateBody"]
    template = json.loads(template) if isinstance(template, str) else template
    template["Resources"][SECOND] = template["Resources"]["Table"]
    template["Outputs"][SECOND] = {"Value": {"Ref": SECOND}}
    s3 = session.client("s3", endpoint_url=endpoint)
    s3.put_object(Bucket=bucket, Key=SCRATCH, Body=json.dumps(template).encode())
    declared = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Parameters", [])
    where = s3.meta.endpoint_url
    cloudformation.update_stack(
        StackName=name,
        TemplateURL=f"{where}/{bucket}/{SCRATCH}",
        Parameters=[
            {"ParameterKey": each["ParameterKey"], "UsePreviousValue": True} for each in declared
        ],
        Capabilities=CAPABILITIES,
    )


def _outputs(cloudformation: Any, name: str) -> dict[str, str]:
    """Of a stack that is there; of one that is not, nothing."""
    try:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError:
        return {}
    return outputs_in(stack)
