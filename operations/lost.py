"""`make lost`: what reached nobody is shown, given back, or thrown away."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from operations.lost_message import shown
from operations.lost_queue import Clients, clear, let_go, read
from operations.lost_redrive import redrive
from operations.stacks import NoStack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.lost_queue import Message
    from operations.stacks import Deployed


def look(stack: Deployed, then: str = "") -> None:
    """`make lost`: show what lies there, and `redrive` or `clear` it. Raises NoStack."""
    clients = Clients(stack)
    name, queue = _queue(clients, stack.bucket)
    messages = read(clients, queue)
    show(messages, time.time())
    if then == "redrive":
        print(f"{redrive(clients, name, queue, messages)} given back.", file=sys.stderr)
    elif then == "clear":
        clear(clients, queue, messages)
        print(f"{len(messages)} thrown away.", file=sys.stderr)
    else:
        let_go(clients, queue, messages)
        print(f"{len(messages)} reached nobody.", file=sys.stderr)


def show(messages: Sequence[Message], now: float) -> None:
    """A line for each: how long ago, what, for whom, whose, why. Of what was in them, ids alone."""
    for each in messages:
        print(f"{_ago(now - each.sent_at):>8}  {shown(each.lost)}")


def _queue(clients: Clients, bucket: str) -> tuple[str, str]:
    """The stack's name and its queue's URL: it is the stack with this bucket."""
    cloudformation = clients["cloudformation"]
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        for each in page["Stacks"]:
            outputs = {o["OutputKey"]: o["OutputValue"] for o in each.get("Outputs", [])}
            if outputs.get("Bucket") == bucket:
                return each["StackName"], outputs["Lost"]
    raise NoStack("There is no such stack any more.")


def _ago(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0, seconds):.0f} s"
