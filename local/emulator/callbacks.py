"""Tasks that wait for a token: a function that fails fails its task, as on AWS.

ministack calls the function and drops its error, so that the task waits out its whole timeout.
"""

import threading
from typing import Any

from ministack.services import stepfunctions

_current = threading.local()
"""The token of the task that this thread is calling its function for."""


def fail_with_their_function() -> None:
    """Let Retry and Catch of such a state see what its function raised."""
    wait, call = stepfunctions._invoke_with_callback, stepfunctions._call_lambda

    def invoke_with_callback(resource: str, given: Any, token: str, state: Any) -> Any:
        _current.token = token
        try:
            return wait(resource, given, token, state)
        finally:
            _current.token = None

    def call_lambda(function: str, event: Any) -> Any:
        try:
            return call(function, event)
        except stepfunctions._ExecutionError as error:
            if token := getattr(_current, "token", None):
                _fail(token, error)
            raise

    stepfunctions._invoke_with_callback = invoke_with_callback
    stepfunctions._call_lambda = call_lambda


def _fail(token: str, error: Any) -> None:
    """As SendTaskFailure does; a token that was answered already stays answered."""
    task = stepfunctions._task_tokens.get(token)
    if task and not task["event"].is_set():
        task["error"] = {"Error": error.error, "Cause": error.cause}
        task["event"].set()
