"""What CloudFormation says of a stack: its state, and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator


def state_of(cloudformation: Any, stack: str) -> str | None:
    """Its status; None if there is none of this name."""
    try:
        return str(cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise


def failures(cloudformation: Any, stack: str) -> Iterator[str]:
    """Each resource that failed in the last change, the first of them first, and why."""
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    for event in reversed(events[: _of_last_change(events)]):
        is_stack = event.get("PhysicalResourceId") == event["StackId"]
        if event["ResourceStatus"].endswith("_FAILED") and not is_stack:
            reason = event.get("ResourceStatusReason", "no reason was given").rstrip(".")
            yield f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}."


def _of_last_change(events: list[Any]) -> int:
    """How many events, newest first, belong to the last change of the stack."""
    begins = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
    for number, event in enumerate(events):
        is_stack = event.get("PhysicalResourceId") == event["StackId"]
        if is_stack and event["ResourceStatus"] in begins:
            return number + 1
    return len(events)
