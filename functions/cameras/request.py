"""A camera's request as the handlers see it, and its token in three places."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.auth import read_token
from doorbell.cameras.problems import Problem
from doorbell.errors import TokenError
from functions.shared.http import body_of, headers_of, media_type
from functions.shared.json_body import LONGEST, Body, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from doorbell.model import Device, Token

PROTOCOL: Final = "cloudfront-forwarded-proto"
"""How the viewer came to CloudFront: `http` or `https`. CloudFront itself sets it, whatever the
viewer says (Amazon CloudFront Developer Guide, "Add CloudFront request headers")."""


class Request(NamedTuple):
    """One request. `camera` is whoever asks; nothing else is spoken of."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes
    caller: Device | None = None

    @property
    def camera(self) -> Device:
        """Who asks. Raises Problem `no_token` if nobody is known to."""
        if self.caller is None:
            raise no_token()
        return self.caller

    @property
    def media(self) -> str:
        """The body's media type."""
        return media_type(self.headers)

    @property
    def is_plain(self) -> bool:
        """Whether it came without TLS, where anybody on the way could read the token.

        Loopback, which never is on the way, says nothing and counts as safe.
        """
        return self.headers.get(PROTOCOL, "").strip().lower() == "http"

    def read(self, kind: type[Body], longest: int = LONGEST) -> Body:
        """The body, of so many bytes at most, as this structure.

        Raises Problem: `wrong_type`, `too_large`, `not_json`, `bad_field`.
        """
        return read_json(self.body, self.media, kind, Problem, longest)

    def token(self, *, in_query: bool) -> Token:
        """`Authorization: Bearer`, the password of `Basic`, or `?accessToken=`.

        Raises Problem `no_token`, `bad_token`.
        """
        given = [*_authorization(self.headers), *_in_query(self.query if in_query else {})]
        if not given:
            raise no_token()
        for text in given:
            try:
                return read_token(text)
            except TokenError:
                continue  # a camera may have a password of its own for somewhere else
        raise Problem("bad_token", "A token looks like home.device.secret.")


def read_event(event: Mapping[str, Any]) -> Request:
    """API Gateway's event (HTTP API, payload format 2.0)."""
    return Request(
        method=event["requestContext"]["http"]["method"],
        path=tuple(part for part in event["rawPath"].split("/") if part),
        query=event.get("queryStringParameters") or {},
        headers=headers_of(event),
        body=body_of(event),
    )


def no_token() -> Problem:
    """Nobody said who they are."""
    return Problem("no_token", "A camera's token is needed.")


def _authorization(headers: Mapping[str, str]) -> Iterator[str]:
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    match scheme.lower():
        case "bearer":
            yield credentials
        case "basic":
            yield _password(credentials)


def _password(credentials: str) -> str:
    try:
        pair = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]


def _in_query(query: Mapping[str, str]) -> Iterator[str]:
    if "accessToken" in query:
        yield query["accessToken"]
