"""The function's jobs, one call to AWS at a time.

A job under way is known by the event that began it and the answers it has had: run again with
these, it comes to the same next call. So a half-done job can be kept, compared, resumed and
killed like a number, and the code that does so is the one that is deployed.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from doorbell.aws.build import build_services
from functions.ring_path.entry import job_for, located
from proof.model.client import Answer, Call, Paused, PausingClient
from proof.model.threads import without_threads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.services import Services
    from proof.model.table import Rows

ENVIRONMENT: Final = {
    "TABLE": "rings",
    "HOUSEHOLD_TABLE": "household",
    "BUS": "bus",
    "BUCKET": "bucket",
    "CODE_KEY": "key",
}
KEY: Final = b"what codes are hashed with"


@dataclass
class Node:
    """A job that has come so far: it waits for the answer to `call`, or has ended."""

    number: int
    event: str
    origin: str
    answers: tuple[Answer, ...]
    """The first one is no answer: it tells when the job began."""
    call: Call | None = None
    result: Any = None
    error: str | None = None
    """The class of what it raised in the end."""
    after: dict[Answer, Node] = field(default_factory=dict)
    answered: dict[Rows, tuple[Rows, Answer]] = field(default_factory=dict)
    """What the table says to `call`, by its rows: so much is asked again and again."""


class Jobs:
    """All that any job has ever come to."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._begun: dict[tuple[str, str, float], Node] = {}

    def begin(self, event: Mapping[str, Any], origin: str, now: float) -> Node:
        """A job before its first call. Codes are drawn by `origin`: each has its own."""
        text = json.dumps(event, sort_keys=True)
        key = (text, origin, now)
        if key not in self._begun:
            self._begun[key] = self._made(text, origin, (Answer(now, "null"),))
        return self._begun[key]

    def go_on(self, node: Node, answer: Answer) -> Node:
        """The job after this answer to its call."""
        if answer not in node.after:
            node.after[answer] = self._made(node.event, node.origin, (*node.answers, answer))
        return node.after[answer]

    def _made(self, event: str, origin: str, answers: tuple[Answer, ...]) -> Node:
        node = Node(len(self.nodes), event, origin, answers)
        self.nodes.append(node)
        _run(node)
        return node


def _run(node: Node) -> None:
    client = PausingClient(node.answers)
    event = json.loads(node.event)
    with without_threads():
        try:
            node.result = job_for(event).handle(_services(client, node.origin), located(event))
        except Paused:
            node.call = client.waits_for
        except Exception as error:
            node.error = type(error).__name__


def _services(client: PausingClient, origin: str) -> Services:
    drawn = iter(range(100))

    def randbelow(below: int) -> int:
        return zlib.crc32(f"{origin}/{next(drawn)}".encode()) % below

    return build_services(ENVIRONMENT, client)._replace(
        clock=lambda: client.now,
        sleep=client.sleep,
        randbelow=randbelow,
        code_key=lambda: KEY,
    )
