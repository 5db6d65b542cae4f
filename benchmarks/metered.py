"""`local.serve` with meters on it: what AWS would bill for, counted where the emulator serves it.

`GET /_usage` gives all that was counted since the last time. Run by `benchmarks.usage` alone.
"""

from __future__ import annotations

import functools
import json
import re
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

USAGE: Final = "/_usage"
KB: Final = 1024
FRAME: Final = 32 * KB
"""Bytes of a message over a socket that are billed as one message."""
EVENT: Final = 64 * KB
"""Bytes of an event that are billed as one event."""
READ: Final = 4 * KB
"""Bytes that one unit reads from DynamoDB."""

WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
READS: Final = frozenset({"GetItem", "Query", "BatchGetItem"})
_HTTP_API: Final = re.compile(r"/_aws/execute-api/[^/]+/(?:\$|%24)default(?:/|$)")


class Meters:
    """Counts of what is billed, and the states that were entered, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._states: dict[str, list[str]] = {}

    def add(self, meter: str, amount: float = 1) -> None:
        """So much more of it."""
        with self._lock:
            self._counts[meter] += amount  # type: ignore[assignment]

    def entered(self, machine: str, states: list[str]) -> None:
        """A machine has gone through these states."""
        with self._lock:
            self._states.setdefault(machine, []).extend(states)

    def take(self) -> bytes:
        """All of it as JSON; everything begins at nothing again."""
        with self._lock:
            said = json.dumps({"counts": self._counts, "states": self._states})
            self._counts, self._states = Counter(), {}
        return said.encode()


def measure_dynamodb(meters: Meters, action: str, given: Mapping[str, Any], answer: Any) -> None:
    """Units of one answered request (DynamoDB Developer Guide, "Read and write operations")."""
    status, _, body = answer
    meters.add("dynamodb.calls")
    if action in WRITES:
        # A write whose condition failed is billed like one that succeeded.
        units = _written(json.loads(body)) if status < 300 else _refused(action, given)
        meters.add("dynamodb.write", units)
    elif action in READS:
        whole = 1.0 if given.get("ConsistentRead") or _consistent_batch(given) else 0.5
        meters.add("dynamodb.read", whole * _units_read(action, json.loads(body)))


def _written(answer: Mapping[str, Any]) -> float:
    said = answer.get("ConsumedCapacity", [])
    each = said if isinstance(said, list) else [said]
    return sum(float(table["CapacityUnits"]) for table in each)


def _refused(action: str, given: Mapping[str, Any]) -> float:
    return 2.0 * len(given["TransactItems"]) if action == "TransactWriteItems" else 1.0


def _consistent_batch(given: Mapping[str, Any]) -> bool:
    return any(each.get("ConsistentRead") for each in given.get("RequestItems", {}).values())


def _units_read(action: str, answer: Mapping[str, Any]) -> float:
    """Each item by itself, but a query's together; what is not there costs one unit, too."""
    from ministack.services.dynamodb import _item_size_bytes

    if action == "BatchGetItem":
        found = [_item_size_bytes(i) for items in answer["Responses"].values() for i in items]
        return sum(_units(size) for size in found) or 1.0
    if action == "GetItem":
        return _units(_item_size_bytes(answer.get("Item", {})))
    return _units(sum(_item_size_bytes(item) for item in answer.get("Items", [])))


def _units(size: int) -> float:
    return max(1.0, -(-size // READ))


def measure_s3(meters: Meters, method: str, signed_link: bool, answer: Any) -> None:
    """S3 bills by kind of request; what is read by a link goes out to the internet."""
    if method in ("PUT", "POST"):
        meters.add("s3.put")
    elif method in ("GET", "HEAD"):
        meters.add("s3.get")
        if signed_link and isinstance(answer[2], bytes):
            meters.add("internet.bytes", len(answer[2]))


def measure_call(meters: Meters, service: str, action: str, given: Mapping[str, Any]) -> None:
    """A request of a service that is billed by request alone."""
    match service, action:
        case "events", "PutEvents":
            for entry in given["Entries"]:
                meters.add("events", -(-len(json.dumps(entry)) // EVENT))
        case "rekognition", "SearchFacesByImage" | "IndexFaces":
            meters.add("rekognition")
            meters.add("s3.get")  # Rekognition reads the photo
        case "secretsmanager", "GetSecretValue":
            meters.add("secrets")
        case "ssm", "GetParameter":
            meters.add("kms")  # a SecureString is decrypted each time
        case "sns", "Publish":
            meters.add("sns")


def install(meters: Meters) -> None:
    """Put the meters on; call when the emulator has been changed and serves nobody yet."""
    from ministack import app
    from ministack.services import lambda_svc, stepfunctions

    for name in ("dynamodb", "s3", "events", "rekognition", "secretsmanager", "ssm", "sns"):
        app.SERVICE_HANDLERS[name] = _metered(name, app.SERVICE_HANDLERS[name], meters)
    lambda_svc._execute_function_dispatch = _timed(lambda_svc._execute_function_dispatch, meters)
    stepfunctions._run_execution = _followed(stepfunctions, meters)


def _metered(service: str, handle: Any, meters: Meters) -> Any:
    async def metered(
        method: str, path: str, headers: Mapping[str, str], body: Any, query: Mapping[str, Any]
    ) -> Any:
        if service == "s3":
            answer = await handle(method, path, headers, body, query)
            measure_s3(meters, method, "X-Amz-Signature" in query, answer)
            return answer
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        given = json.loads(body or b"{}") if action else {}
        if service == "dynamodb" and action in WRITES:
            body = json.dumps({**given, "ReturnConsumedCapacity": "TOTAL"}).encode()
        answer = await handle(method, path, headers, body, query)
        if service == "dynamodb":
            measure_dynamodb(meters, action, given, answer)
        else:
            measure_call(meters, service, action, given)
        return answer

    return metered


def _timed(dispatch: Callable[..., Any], meters: Meters) -> Callable[..., Any]:
    @functools.wraps(dispatch)
    def timed(function: Any, config: Any, *others: Any) -> Any:
        began = time.perf_counter()
        try:
            return dispatch(function, config, *others)
        finally:
            name = config["Handler"].split(".")[1]
            took = 1e3 * (time.perf_counter() - began)
            meters.add(f"lambda.{name}.runs")
            meters.add(f"lambda.{name}.ms", round(took, 1))

    return timed


def _followed(stepfunctions: Any, meters: Meters) -> Callable[[str], None]:
    run = stepfunctions._run_execution

    def followed(execution: str) -> None:
        began = time.perf_counter()
        run(execution)
        done = stepfunctions._executions[execution]
        machine = stepfunctions._state_machines[done["stateMachineArn"]]
        name = machine["name"].rpartition("-")[2]
        meters.entered(name, [
            event["stateEnteredEventDetails"]["name"]
            for event in done["events"] if "stateEnteredEventDetails" in event
        ])  # fmt: skip
        if machine.get("type") == "EXPRESS":
            meters.add(f"express.{name}.runs")
            meters.add(f"express.{name}.seconds", round(time.perf_counter() - began, 1))

    return followed


def _serving(served: Any, meters: Meters) -> Any:
    async def serving(scope: Any, receive: Any, send: Any) -> None:
        if scope.get("path") == USAGE:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": meters.take()})
            return
        if scope["type"] == "websocket":
            receive, send = _heard(receive, meters), _told(send, meters)
        elif _HTTP_API.match(scope.get("path", "")):
            meters.add("http.requests")
            send = _told(send, meters)
        await served(scope, receive, send)

    return serving


def _heard(receive: Any, meters: Meters) -> Any:
    async def heard() -> Any:
        message = await receive()
        if message["type"] == "websocket.receive":
            meters.add("sockets.messages", _frames(message))
        return message

    return heard


def _told(send: Any, meters: Meters) -> Any:
    async def told(message: Any) -> None:
        if message["type"] == "websocket.send":
            meters.add("sockets.messages", _frames(message))
            meters.add("internet.bytes", len(message.get("text") or ""))
        elif message["type"] == "http.response.body":
            meters.add("internet.bytes", len(message.get("body", b"")))
        await send(message)

    return told


def _frames(message: Mapping[str, Any]) -> int:
    return -(-len(message.get("text") or message.get("bytes") or "x") // FRAME)


def main() -> None:
    """Serve as `local.serve` does."""
    from ministack import app

    from local import emulator, serve

    change, meters = emulator.change, Meters()

    def change_and_measure() -> None:
        change()
        install(meters)

    emulator.change = change_and_measure
    # Before `local.serve` takes it.
    app.app = _serving(app.app, meters)
    serve.main()


if __name__ == "__main__":
    main()
