"""What was lost is given to the function or state machine that it was for."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from operations.lost_message import Lost, NotReadable, shown
from operations.lost_queue import clear, let_go
from operations.rule_input import made_input

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.lost_queue import Clients, Message


def redrive(clients: Clients, name: str, queue: str, messages: Sequence[Message]) -> int:
    """Give each to the function or state machine that it was for; how many were given.

    The stack's own alone. One that cannot be given stays in the queue, and it is said why.
    """
    ours, given = _ours(clients, name), 0
    for each in messages:
        try:
            if each.lost is None or each.lost.resource not in ours:
                raise NotReadable("it is for nothing of this stack")
            _give(clients, each.lost)
        except (NotReadable, ClientError, KeyError, ValueError) as error:
            kind = str(error) if isinstance(error, NotReadable) else type(error).__name__
            print(f"Not given back, {kind}: {shown(each.lost)}", file=sys.stderr)
            let_go(clients, queue, [each])
        else:
            clear(clients, queue, [each])
            given += 1
    return given


def _give(clients: Clients, lost: Lost) -> None:
    payload = json.dumps(_payload(clients, lost))
    if lost.target.split(":")[2] == "lambda":
        clients["lambda"].invoke(FunctionName=lost.target, InvocationType="Event", Payload=payload)
    else:
        clients["stepfunctions"].start_execution(stateMachineArn=lost.target, input=payload)


def _payload(clients: Clients, lost: Lost) -> Any:
    """Raises NotReadable if the rule has no such target any more."""
    if lost.payload is None:
        raise NotReadable("its input was too large to be kept")
    if not lost.rule:
        return lost.payload
    # arn:PARTITION:events:REGION:ACCOUNT:rule/[BUS/]NAME
    _, *bus, rule = lost.rule.split(":", 5)[5].split("/")
    where = {"EventBusName": bus[0]} if bus else {}
    found = clients["events"].list_targets_by_rule(Rule=rule, **where)["Targets"]
    for target in found:
        if target["Arn"] == lost.target:
            return made_input(target, lost.payload)
    raise NotReadable("its rule has no such target any more")


def _ours(clients: Clients, name: str) -> set[str]:
    """The ARNs of the stack's functions and state machines."""
    cloudformation = clients["cloudformation"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    lambdas = clients["lambda"]
    arns = set()
    for each in found:
        identity = each.get("PhysicalResourceId", "")
        if each["ResourceType"] == "AWS::Lambda::Function":
            about = lambdas.get_function_configuration(FunctionName=identity)
            arns.add(about["FunctionArn"])
        elif each["ResourceType"] == "AWS::StepFunctions::StateMachine":
            arns.add(identity)
    return arns
