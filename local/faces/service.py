"""The wire: AWS JSON 1.1 in, AWS JSON 1.1 out, and never on the server's event loop."""

import asyncio
import contextvars
import json
import logging
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeAlias

from local.faces.errors import NotSerialized, RekognitionError, UnknownOperation
from local.faces.operations import Operations
from local.faces.validation import read_request

log = logging.getLogger(__name__)

TARGET_PREFIX: Final = "RekognitionService"
CONTENT_TYPE: Final = "application/x-amz-json-1.1"

Answer: TypeAlias = tuple[int, dict[str, str], bytes]
"""HTTP status, headers, body: what ministack expects of a handler."""


class Service:
    """Requests to answers. `handle` is asynchronous, `answer` the same thing, blocking."""

    def __init__(self, operations: Operations, threads: int = 8) -> None:
        self._operations = operations
        # Threads of our own: queued pictures must not hold those that start Lambdas.
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="rekognition")

    async def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | str,
        query: Mapping[str, Any],
    ) -> Answer:
        """Answer one request; decoding and waiting are done in a thread."""
        # ministack keeps the caller's account and region in context variables.
        context = contextvars.copy_context()
        target = headers.get("x-amz-target", "")
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, context.run, self.answer, target, body
        )

    def answer(self, target: str, body: bytes | str) -> Answer:
        """Answer one request, whatever happens: an error is an answer too."""
        try:
            return _encoded(200, self._serve(target, body))
        except RekognitionError as error:
            return _refusal(error)
        except Exception as error:
            # Pictures and faces stay out of the log; where it happened is enough to find it.
            log.exception("Rekognition failed: %s", type(error).__name__)
            return _refusal(RekognitionError("Internal server error"), 500)

    def _serve(self, target: str, body: bytes | str) -> dict[str, Any]:
        prefix, _, name = target.partition(".")
        operation = self._operations.by_name.get(name)
        if operation is None or prefix != TARGET_PREFIX:
            raise UnknownOperation
        try:
            content = json.loads(body or "{}")
        except (ValueError, RecursionError):
            raise NotSerialized("The body is not JSON") from None
        return operation(read_request(name, content))


def _refusal(error: RekognitionError, status: int | None = None) -> Answer:
    content = {
        "__type": error.code,
        "Code": error.code,
        "Logref": str(uuid.uuid4()),
        "Message": str(error),
    }
    return _encoded(status or error.status, content)


def _encoded(status: int, content: dict[str, Any]) -> Answer:
    return status, {"Content-Type": CONTENT_TYPE}, json.dumps(content).encode()
