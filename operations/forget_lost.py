"""What reached nobody may name a home or a resident: such messages are thrown away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from operations.lost_queue import receive_all
from operations.stacks import outputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from operations.stacks import Deployed

HIDDEN_FOR: Final = 60
"""Seconds for which nobody else sees what is being read."""


def forget_lost(stack: Deployed, home: str, resident: str = "") -> int:
    """How many there were, of the home or of one of its residents."""
    sqs: Any = stack.client_of("sqs")
    queue = outputs_of(stack)["Lost"]
    theirs = 0
    kept: list[str] = []
    for message in receive_all(sqs, queue, HIDDEN_FOR, first_wait=0):
        if names(message["Body"], home, resident):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            theirs += 1
        else:
            kept.append(message["ReceiptHandle"])
    for receipt in kept:
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=receipt, VisibilityTimeout=0)
    return theirs


def names(body: str, home: str, resident: str = "") -> bool:
    """Whether a message tells of the home; with a resident, whether also of them. In doubt it
    does: what is lost is told of in `make lost` meanwhile, and this home asked to be forgotten.
    """
    words = set(_words(_read(body)))
    return home in words and (not resident or resident in words)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _words(value: Any) -> Iterator[str]:
    """All values in it, also of JSON within JSON, and the parts of keys of the bucket."""
    match value:
        case dict():
            for each in value.values():
                yield from _words(each)
        case list():
            for each in value:
                yield from _words(each)
        case str():
            yield value
            yield from value.split("/")
            inner = _read(value)
            if isinstance(inner, (dict, list)):
                yield from _words(inner)
