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
from operations.stacks import outputs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    import boto3

SECOND: Final = "HouseholdTable"
COPIED: Final = "copied"
"""An attribute of a copy, until it is known that its original was neither changed nor deleted."""
CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
SCRATCH: Final = "updates/second-table.json"
"""Where the changed template stands in the stack's bucket: a request would be too small for it."""


def prepare(session: boto3.Session, endpoint: str | None, name: str, pause: float = 5) -> int:
    """Give the stack its second table; how many rows were copied. One that has it, is left."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    outputs = _outputs(cloudformation, name)
    if not outputs or SECOND in outputs:
        return 0
    _add_table(session, endpoint, name, outputs["Bucket"])
    waiter = cloudformation.get_waiter("stack_update_complete")
    waiter.wait(StackName=name, WaiterConfig={"Delay": pause, "MaxAttempts": 120})  # type: ignore[typeddict-item]
    outputs = _outputs(cloudformation, name)
    tables = Tables(session, endpoint, TableNames(outputs["Table"], outputs[SECOND]))
    return tables.copy()


def finish(session: boto3.Session, endpoint: str | None, names: TableNames) -> int:
    """Remove what the first table holds no longer; how many rows. A second time, none."""
    return Tables(session, endpoint, names).remove_originals()


class Tables:
    """Both tables of a stack, and what stands in the first but belongs into the second."""

    def __init__(self, session: boto3.Session, endpoint: str | None, names: TableNames) -> None:
        self._dynamodb = session.client("dynamodb", endpoint_url=endpoint)
        self._names = names

    def copy(self) -> int:
        """Copy each row; whoever is stopped half way may begin anew."""
        originals = list(self._misplaced())
        for row in originals:
            copy = {**row, COPIED: {"BOOL": True}}
            self._dynamodb.put_item(TableName=self._names.household, Item=copy)
        return len(originals)

    def remove_originals(self) -> int:
        """What was deleted in the meantime is deleted; then every row stands in one place."""
        originals = {_name(row): row for row in self._misplaced()}
        for copy in self._rows(self._names.household):
            if COPIED not in copy:
                continue
            if _name(copy) in originals:
                self._dynamodb.update_item(
                    TableName=self._names.household,
                    Key=_key(copy),
                    UpdateExpression="REMOVE " + COPIED,
                )
            else:
                self._dynamodb.delete_item(TableName=self._names.household, Key=_key(copy))
        for row in originals.values():
            self._bring(row)
            self._dynamodb.delete_item(TableName=self._names.rings, Key=_key(row))
        return len(originals)

    def _bring(self, row: dict[str, Any]) -> None:
        """Written after the copy was made: it is not there yet."""
        try:
            self._dynamodb.put_item(
                TableName=self._names.household,
                Item=row,
                ConditionExpression="attribute_not_exists(sk)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def _misplaced(self) -> Iterator[dict[str, Any]]:
        for row in self._rows(self._names.rings):
            if self._names.of(row["sk"]["S"]) != self._names.rings:
                yield row

    def _rows(self, table: str) -> Iterator[dict[str, Any]]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for page in pages:
            yield from page["Items"]


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


def _name(row: dict[str, Any]) -> tuple[str, str]:
    return row["home"]["S"], row["sk"]["S"]


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {"home": row["home"], "sk": row["sk"]}
