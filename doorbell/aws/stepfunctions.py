"""Step Functions: state machines that wait for an answer."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from doorbell.aws.api.endpoints import STATES
from doorbell.aws.api.errors import NotReached, ServiceError
from doorbell.errors import NotResumed

if TYPE_CHECKING:
    from doorbell.aws.api.client import Client

_log = logging.getLogger(__name__)


class TaskWaits:
    """`doorbell.ports.Waits`: Step Functions' task tokens."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def resume(self, token: str, output: dict[str, str]) -> None:
        """SendTaskSuccess. Raises NotResumed."""
        try:
            given = {"taskToken": token, "output": json.dumps(output)}
            self._client.call(STATES, "SendTaskSuccess", given)
        except (ServiceError, NotReached) as error:
            raise _not_resumed(error) from error

    def fail(self, token: str, error: str) -> None:
        """SendTaskFailure. Raises NotResumed."""
        try:
            self._client.call(STATES, "SendTaskFailure", {"taskToken": token, "error": error})
        except (ServiceError, NotReached) as refused:
            raise _not_resumed(refused) from refused


def _not_resumed(error: ServiceError | NotReached) -> NotResumed:
    """Waiting no longer is TaskTimedOut on AWS and TaskDoesNotExist on the one machine. The kind
    is logged, so that a permission that is missing does not look like an answer that came late.
    """
    kind = error.code if isinstance(error, ServiceError) else type(error).__name__
    _log.warning("the state machine did not take the answer: %s", kind)
    return NotResumed(f"The state machine did not take the answer: {kind}.")
