"""Step Functions: state machines that wait for an answer."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from doorbell.errors import NotResumed

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients

_log = logging.getLogger(__name__)


class TaskWaits:
    """`doorbell.ports.Waits`: Step Functions' task tokens."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def resume(self, token: str, output: dict[str, str]) -> None:
        """SendTaskSuccess. Raises NotResumed."""
        try:
            self._clients.stepfunctions.send_task_success(
                taskToken=token, output=json.dumps(output)
            )
        except (ClientError, BotoCoreError) as error:
            raise _not_resumed(error) from error

    def fail(self, token: str, error: str) -> None:
        """SendTaskFailure. Raises NotResumed."""
        try:
            self._clients.stepfunctions.send_task_failure(taskToken=token, error=error)
        except (ClientError, BotoCoreError) as refused:
            raise _not_resumed(refused) from refused


def _not_resumed(error: ClientError | BotoCoreError) -> NotResumed:
    """Waiting no longer is TaskTimedOut on AWS and TaskDoesNotExist on the one machine. The kind
    is logged, so that a permission that is missing does not look like an answer that came late.
    """
    kind = type(error).__name__
    if isinstance(error, ClientError):
        kind = error.response["Error"]["Code"]
    _log.warning("the state machine did not take the answer: %s", kind)
    return NotResumed(f"The state machine did not take the answer: {kind}.")
