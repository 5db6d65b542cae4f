"""Step Functions: state machines that wait for an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from doorbell.errors import NotResumed

if TYPE_CHECKING:
    from doorbell.aws.clients import Clients


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
            # Waiting no longer is TaskTimedOut on AWS and TaskDoesNotExist on the one machine.
            raise NotResumed("The state machine did not take the answer.") from error
