"""API Gateway's HTTP API (payload format 2.0): what came in, and what goes back."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.problems import Problem


class Answer(NamedTuple):
    """What goes back: `content` as JSON, text as it is, None for an empty answer."""

    status: int
    content: dict[str, Any] | str | None = None
    headers: Mapping[str, str] = {}


def refusal(problem: Problem) -> Answer:
    """A problem as RFC 9457 shows it."""
    headers = {"content-type": "application/problem+json"}
    if problem.allowed:
        headers["allow"] = problem.allowed
    return Answer(problem.status, problem.shown, headers)


def response(answer: Answer) -> dict[str, Any]:
    """What API Gateway wants to hear."""
    headers = {"cache-control": "no-store", **answer.headers}
    if answer.content is None:
        return {"statusCode": answer.status, "headers": headers}
    is_text = isinstance(answer.content, str)
    headers.setdefault("content-type", "text/plain" if is_text else "application/json")
    body = answer.content if is_text else json.dumps(answer.content)
    return {"statusCode": answer.status, "headers": headers, "body": body}


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """By their names in small letters."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def body_of(event: Mapping[str, Any]) -> bytes:
    """The body as it was sent."""
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return bytes(text, "utf-8", "surrogatepass")
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


def media_type(headers: Mapping[str, str]) -> str:
    """The body's type without parameters, in small letters; empty if none is said."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
