"""A request as the handlers see it, and what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from doorbell.household.problems import Problem
from functions.shared.http import Answer as Answer
from functions.shared.http import body_of, headers_of, media_type
from functions.shared.json_body import Body, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.model import Device


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
        return read_json(self.body, media_type(self.headers), kind, Problem)


def read_event(event: Mapping[str, Any]) -> Request:
    """API Gateway's event (HTTP API, payload format 2.0)."""
    parts = event["rawPath"].split("/")
    behind = parts[parts.index("api") + 1 :] if "api" in parts else []
    return Request(
        method=event["requestContext"]["http"]["method"],
        path=tuple(unquote(part) for part in behind),
        query=event.get("queryStringParameters") or {},
        headers=headers_of(event),
        body=body_of(event),
    )
