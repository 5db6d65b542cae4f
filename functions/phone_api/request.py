"""A request as the handlers see it, and what they answer."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import unquote

import msgspec

from doorbell.household.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.model import Device

Body = TypeVar("Body", bound=msgspec.Struct)

LONGEST_BODY: Final = 16 * 1024
"""Bytes; nothing that a phone asks for needs more."""


class Answer(NamedTuple):
    """What goes back: `content` as JSON, None for an empty answer."""

    status: int
    content: dict[str, Any] | None = None
    headers: Mapping[str, str] = {}


class Request(NamedTuple):
    """One request. `phone` is whoever asks; its home is the only one that is spoken of."""

    method: str
    path: tuple[str, ...]
    """What stands behind `/api/`, decoded part by part."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes
    caller: Device | None = None

    @property
    def phone(self) -> Device:
        """Who asks. Raises Problem `bad_token` if nobody is known to."""
        if self.caller is None:
            raise Problem("bad_token", "A phone's token is needed.")
        return self.caller

    @property
    def home(self) -> str:
        """The home of whoever asks."""
        return self.phone.home

    def read(self, kind: type[Body]) -> Body:
        """The body as this structure.

        Raises Problem: `wrong_type`, `too_large`, `not_json`, `bad_field`.
        """
        kind_of_body = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind_of_body != "application/json":
            raise Problem("wrong_type", "The body must be application/json.")
        if len(self.body) > LONGEST_BODY:
            raise Problem("too_large", f"The body may have {LONGEST_BODY} bytes at most.")
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.ValidationError as error:
            said = str(error)
            if said.startswith("Expected `object`") and " at `$" not in said:
                raise _not_json() from None
            raise Problem("bad_field", _whole(said)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _not_json() from None


def read_event(event: Mapping[str, Any]) -> Request:
    """API Gateway's event (HTTP API, payload format 2.0)."""
    parts = event["rawPath"].split("/")
    behind = parts[parts.index("api") + 1 :] if "api" in parts else []
    return Request(
        method=event["requestContext"]["http"]["method"],
        path=tuple(unquote(part) for part in behind),
        query=event.get("queryStringParameters") or {},
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=_body(event),
    )


def _body(event: Mapping[str, Any]) -> bytes:
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return bytes(text, "utf-8", "surrogatepass")
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


def _not_json() -> Problem:
    return Problem("not_json", "The body must be one JSON object.")


def _whole(said: str) -> str:
    """The library's sentence, ended; it names the field and never quotes what stands in one."""
    return said if said.endswith(".") else f"{said}."
