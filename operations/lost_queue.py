"""The queue Lost: its messages are read, let go, or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from operations.lost_message import Lost, NotReadable, read_lost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from operations.stacks import Deployed

HIDDEN_FOR: Final = 300
"""Seconds for which nobody else sees what is being read."""
POLL: Final = 1
"""Seconds to wait for a message: with none, SQS asks a part of its servers alone."""


class Clients:
    """boto3's clients of a stack, each made once."""

    def __init__(self, stack: Deployed) -> None:
        self._stack = stack
        self._made: dict[str, Any] = {}

    def __getitem__(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = self._stack.client_of(service)
        return self._made[service]


class Message(NamedTuple):
    """A message of the queue."""

    receipt: str
    sent_at: float
    lost: Lost | None
    """None if it is of no known form."""


def read(clients: Clients, queue: str) -> list[Message]:
    """All that lies there, the oldest first. Nobody else sees it until it is let go."""
    found = map(_read, receive_all(clients["sqs"], queue))
    return sorted(found, key=lambda each: each.sent_at)


def let_go(clients: Clients, queue: str, messages: Sequence[Message]) -> None:
    """They may be read again at once."""
    for each in messages:
        clients["sqs"].change_message_visibility(
            QueueUrl=queue, ReceiptHandle=each.receipt, VisibilityTimeout=0
        )


def clear(clients: Clients, queue: str, messages: Sequence[Message]) -> None:
    """Throw these away; what has come since stays."""
    for each in messages:
        clients["sqs"].delete_message(QueueUrl=queue, ReceiptHandle=each.receipt)


def receive_all(
    sqs: Any, queue: str, hidden_for: int = HIDDEN_FOR, first_wait: int | None = None
) -> Iterator[dict[str, Any]]:
    """Each message once, as SQS gives it, hidden from others for so many seconds; the first look
    waits `first_wait` seconds for one, POLL if none are said.
    """
    # An empty answer may be a part of the queue's servers alone: the second says that it is empty.
    seen: set[str] = set()
    empty = 0
    while empty < 2:
        answer = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=POLL if empty or first_wait is None else first_wait,
            VisibilityTimeout=hidden_for,
            AttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        fresh = [m for m in answer.get("Messages", []) if m["MessageId"] not in seen]
        empty = 0 if fresh else empty + 1
        seen.update(each["MessageId"] for each in fresh)
        yield from fresh


def _read(message: dict[str, Any]) -> Message:
    attributes = {
        name: value.get("StringValue", "")
        for name, value in message.get("MessageAttributes", {}).items()
    }
    sent_at = int(message["Attributes"]["SentTimestamp"]) / 1000
    try:
        lost = read_lost(message["Body"], attributes)
    except NotReadable:
        lost = None
    return Message(message["ReceiptHandle"], sent_at, lost)
