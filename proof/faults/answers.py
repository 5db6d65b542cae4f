"""How AWS says no: throttled, or something is wrong with it, in the words of each service."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

_JSON: Final = {
    "throttle": {
        "dynamodb": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "": "ThrottlingException",
    },
    "5xx": {
        "dynamodb": "com.amazonaws.dynamodb.v20120810#InternalServerError",
        "events": "InternalException",
        "": "InternalServerException",
    },
}
"""`__type` of the JSON protocols (each service's API reference, "Common Errors")."""


def refusal(service: str, mode: str) -> bytes:
    """An answer that says `throttle` or `5xx`."""
    if service == "s3":
        return _s3(mode)
    if service == "execute-api":
        status = HTTPStatus.TOO_MANY_REQUESTS if mode == "throttle" else 500
        kind = "LimitExceededException" if mode == "throttle" else "InternalServerException"
        return _answer(status, b'{"message":null}', {"x-amzn-ErrorType": kind})
    kinds = _JSON[mode]
    body = json.dumps({"__type": kinds.get(service, kinds[""]), "message": ""}).encode()
    status = HTTPStatus.BAD_REQUEST if mode == "throttle" else HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(status, body, {"Content-Type": "application/x-amz-json-1.0"})


def _s3(mode: str) -> bytes:
    status, code = (503, "SlowDown") if mode == "throttle" else (500, "InternalError")
    body = f"<Error><Code>{code}</Code><Message></Message></Error>".encode()
    return _answer(status, body, {"Content-Type": "application/xml"})


def _answer(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
