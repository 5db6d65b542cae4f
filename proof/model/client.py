"""The client through which a job speaks to AWS, answered with what is known, then paused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from doorbell.aws.api.client import Client
from doorbell.aws.api.errors import NotReached, ServiceError
from doorbell.aws.api.pool import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.endpoints import Service


class Call(NamedTuple):
    """What a job asks of AWS."""

    operation: str
    """The API's own name, `POST` and `DELETE` for sockets, or `sleep`."""
    given: Any


class Answer(NamedTuple):
    """What came of a call, and when."""

    now: float
    said: str | None
    """JSON; None if it failed."""
    code: str = ""
    """Why it failed, in AWS's words; empty if nobody was reached."""
    status: int = 200
    reasons: tuple[str, ...] = ()


class Paused(BaseException):
    """The job waits for an answer that is not there yet. No `except Exception` shall see it."""


class PausingClient(Client):
    """Answers with what is known, then pauses the job."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self._answers = iter(answers)
        self.now = next(self._answers).now
        self.waits_for: Call | None = None

    def call(self, service: Service, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._said(Call(operation, given)))
        return said

    def send(
        self,
        service: Service,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        within: float | None = None,
    ) -> Response:
        self._said(Call(method, {"connection": path.rsplit("/", 1)[-1], "frame": body.decode()}))
        return Response(200, {}, b"")

    def presigned(
        self, method: str, bucket: str, key: str, headers: Mapping[str, str], expires_in: int
    ) -> str:
        return f"https://{bucket}/{key}"

    def sleep(self, seconds: float) -> None:
        """Others go on meanwhile."""
        self._said(Call("sleep", seconds))

    def _said(self, call: Call) -> str:
        # Paused already: this is a `finally` on the way out.
        answer = None if self.waits_for else next(self._answers, None)
        if answer is None:
            self.waits_for = self.waits_for or call
            raise Paused
        self.now = answer.now
        if answer.said is not None:
            return answer.said
        if answer.code:
            raise ServiceError(answer.code, answer.status, answer.reasons)
        raise NotReached("nobody answered")
