"""`local.serve` in which tasks of state machines and deliveries of events may go wrong.

Functions say what they say to AWS through the proxy; each process of one has an access key of its
own, so that the proxy knows who asks. Run by `proof.faults` alone. Of a task:

| mode | what happens |
| --- | --- |
| throttle, 5xx | it fails so, as Step Functions names it |
| hang | it takes longer than its state may |
| after | it has its effect, and its answer is lost |
| twice | it has its effect twice |
| abort | its execution ends by something that no Catch sees |

Of a delivery: late (5 s), twice, or after the next one.
"""

from __future__ import annotations

import contextvars
import json
import os
import re
import secrets
import socket
import threading
import time
from typing import Any, Final

from proof.faults.board import HOME, PHOTO

BOARD: Final = "DOORBELL_FAULTS"
"""Names the board's address."""
LATE: Final = 5.0
NEXT_WITHIN: Final = 4.0
"""Seconds that a delivery waits for another one to pass."""

_execution: contextvars.ContextVar[Any] = contextvars.ContextVar("execution", default=None)
_of_thread = threading.local()


def ask(**words: Any) -> str:
    """Tell the board; how it goes wrong, or nothing."""
    if not hasattr(_of_thread, "line"):
        host, _, port = os.environ[BOARD].partition(":")
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _of_thread.line = connection.makefile("rwb", buffering=0)
    _of_thread.line.write(json.dumps(words).encode() + b"\n")
    return str(json.loads(_of_thread.line.readline()).get("mode", ""))


def logical(arn: str) -> str:
    """What the template calls a function or a machine."""
    from ministack.services import cloudformation

    name = arn.rpartition(":")[2]
    for stack in list(cloudformation._stacks.values()):
        for logical_id, made in stack.get("_resources", {}).items():
            if str(made.get("PhysicalResourceId", "")).rpartition(":")[2] == name:
                return str(logical_id)
    return name


# --- functions --------------------------------------------------------------------------------


def tell_who_works() -> None:
    """Each process of a function signs with a key of its own, and the board knows whose it is."""
    from ministack.core.lambda_runtime import ProvidedWorker
    from ministack.services import lambda_svc

    spawn, invoke = ProvidedWorker._spawn, ProvidedWorker.invoke
    credentials = lambda_svc.execution_credentials

    def own_credentials(config: dict[str, Any]) -> dict[str, str]:
        from ministack.services import sts

        given = dict(credentials(config))
        session = sts._sessions[given["AWS_ACCESS_KEY_ID"]]
        given["AWS_ACCESS_KEY_ID"] = f"ASIA{secrets.token_hex(8).upper()}"
        sts.register_session(given["AWS_ACCESS_KEY_ID"], session)
        _of_thread.key = given["AWS_ACCESS_KEY_ID"]
        return given

    def spawn_known(worker: Any, *given: Any, **named: Any) -> Any:
        try:
            return spawn(worker, *given, **named)
        finally:
            worker.key = getattr(_of_thread, "key", "")

    def invoke_known(worker: Any, event: Any, *given: Any, **named: Any) -> Any:
        if worker._proc is None or worker._proc.poll() is not None:
            worker._spawn()
        found = HOME.search(json.dumps(event))
        name = logical(worker.func_name)
        ask(key=worker.key, worker=[worker._proc.pid, name, found[0] if found else ""])
        return invoke(worker, event, *given, **named)

    lambda_svc.execution_credentials = own_credentials
    ProvidedWorker._spawn = spawn_known
    ProvidedWorker.invoke = invoke_known


# --- state machines ---------------------------------------------------------------------------

_PREFIX: Final = {"dynamodb": "DynamoDb", "rekognition": "Rekognition", "lambda": "Lambda"}


def fail_tasks() -> None:
    """Tasks go wrong."""
    from ministack.services import stepfunctions

    execute = stepfunctions._execute_task
    invoke, wait = stepfunctions._invoke_resource, stepfunctions._invoke_with_callback

    def execute_task(state: Any, given: Any, execution: Any, context: Any) -> Any:
        _execution.set(execution)
        return execute(state, given, execution, context)

    def invoke_resource(resource: str, given: Any) -> Any:
        return _failing(resource, given, 30.0, lambda: invoke(resource, given))

    def invoke_with_callback(resource: str, given: Any, token: str, state: Any) -> Any:
        patience = float(state.get("TimeoutSeconds", 30))
        # The answer comes by the token: a call that is made twice is two calls of the function.
        if mode := _asked(resource, given):
            if mode == "twice":
                call = stepfunctions._call_lambda
                call(given["FunctionName"], given["Payload"])
            elif mode == "after":
                threading.Thread(
                    target=contextvars.copy_context().run,
                    args=(wait, resource, given, token, state),
                    daemon=True,
                ).start()
                time.sleep(0.5)
                raise stepfunctions._ExecutionError("Lambda.SdkClientException", "")
            else:
                _raise(mode, resource, patience)
        return wait(resource, given, token, state)

    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_resource = invoke_resource
    stepfunctions._invoke_with_callback = invoke_with_callback


def _task(resource: str, given: Any) -> tuple[str, str]:
    """What a task is called here, and for which home."""
    name = resource.rpartition(":::")[2].removeprefix("aws-sdk:").removesuffix(".waitForTaskToken")
    text = json.dumps(given)
    if done := re.search(r'"do": "(\w+)"', text):
        name = f"lambda:{done[1]}"
    found = HOME.search(text)
    return name, found[0] if found else ""


def _asked(resource: str, given: Any) -> str:
    name, home = _task(resource, given)
    return ask(home=home, where=f"machine {name}") if home else ""


def _failing(resource: str, given: Any, patience: float, act: Any) -> Any:
    from ministack.services import stepfunctions

    mode = _asked(resource, given)
    if mode in ("twice", "after"):
        _decided(resource, given, act)
    if mode == "after":
        service = _task(resource, given)[0].partition(":")[0]
        prefix = _PREFIX.get(service, "States")
        raise stepfunctions._ExecutionError(f"{prefix}.SdkClientException", "")
    if mode and mode != "twice":
        _raise(mode, resource, patience)
    return _decided(resource, given, act)


def _decided(resource: str, given: Any, act: Any) -> Any:
    """Whoever has claimed a ring goes on to decide it."""
    result = act()
    if resource.endswith("dynamodb:updateItem") and "claimed_by" in json.dumps(given):
        found = re.search(r'"ring#([0-9a-f]+)"', json.dumps(given))
        if found and (execution := _execution.get()):
            ask(ring=found[1], execution=execution["executionArn"])
    return result


def _raise(mode: str, resource: str, patience: float) -> None:
    from ministack.services import stepfunctions

    service = _task(resource, {})[0].partition(":")[0]
    prefix = _PREFIX.get(service, "States")
    if mode == "abort":
        stepfunctions._stop_execution({"executionArn": _execution.get()["executionArn"]})
        raise stepfunctions._ExecutionError("States.Runtime", "")
    if mode == "hang":
        time.sleep(patience)
        raise stepfunctions._ExecutionError("States.Timeout", "")
    throttled = "TooManyRequestsException" if prefix == "Lambda" else "ThrottlingException"
    broken = "ServiceException" if prefix == "Lambda" else "InternalServerErrorException"
    raise stepfunctions._ExecutionError(
        f"{prefix}.{throttled if mode == 'throttle' else broken}", ""
    )


# --- events -----------------------------------------------------------------------------------


def disturb_deliveries() -> None:
    """Events come late, twice or in another order."""
    from ministack.services import eventbridge

    invoke = eventbridge._invoke_target
    passed: dict[str, threading.Event] = {}

    def deliver(target: Any, event: Any, rule: Any, view: Any, home: str) -> None:
        kind = event.get("DetailType") or event.get("detail-type") or "?"
        mode = ask(home=home, where=f"event {kind} to {logical(target['Arn'])}")
        if mode == "late":
            time.sleep(LATE)
        elif mode == "after_next":
            waiting = passed[home] = threading.Event()
            waiting.wait(NEXT_WITHIN)
        elif mode == "twice":
            invoke(target, event, rule, view)
        invoke(target, event, rule, view)
        if mode != "after_next" and (held := passed.pop(home, None)):
            held.set()

    def invoke_target(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        text = json.dumps(event, default=str)
        found = PHOTO.search(text) or HOME.search(text)
        home = HOME.search(found[0]) if found else None
        if home is None:
            invoke(target, event, rule, view)
            return
        # On AWS, too, nobody waits for a delivery.
        given = (target, event, rule, view, home[0])
        threading.Thread(
            target=contextvars.copy_context().run, args=(deliver, *given), daemon=True
        ).start()

    eventbridge._invoke_target = invoke_target


def main() -> None:
    """Serve, with all of these in place."""
    from local import serve

    tell_who_works()
    fail_tasks()
    disturb_deliveries()
    serve.main()


if __name__ == "__main__":
    main()
