"""A phone that asks PhoneApi, and holds every answer against docs/openapi.yaml."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from functions.phone_api import entry
from functions.phone_api.routes import PART
from tests.docs.openapi import Operation, check_answer, operations
from tests.fakes import ADA, NOON, token_of

if TYPE_CHECKING:
    from doorbell.model import Device
    from functions.phone_api.routes import Route

OPERATIONS: Final = operations()
JSON: Final = {"content-type": "application/json"}

KEYS: Final = {
    "p256dh": base64.urlsafe_b64encode(b"\x04" + b"x" * 64).decode().rstrip("="),
    "auth": base64.urlsafe_b64encode(b"a" * 16).decode().rstrip("="),
}
"""A browser's, by their form."""
QUIET: Final[dict[str, Any]] = {
    "hours": {"start": "22:00", "end": "07:00", "zone": "Europe/Berlin"},
    "until": None,
}
BODIES: Final[dict[str, Any]] = {
    "createPairing": {"name": "Tablet"},
    "usePairing": {},
    "setHomeQuietHours": QUIET,
    "setMyQuietHours": QUIET,
    "setMyPush": {"endpoint": "https://push.example.org/1", "keys": KEYS},
    "changeDevice": {"name": "Another"},
    "nameFace": {"resident": "Eve", "consent": True},
    "renameResident": {"name": "Eva"},
    "addPhoto": {"consent": True},
    "makeFilm": {"start": NOON - 60, "end": NOON},
    "setSchedule": {"every": "day", "at": "06:00", "zone": "Europe/Berlin"},
    "addGuest": {"name": "Plumber", "doors": ["front"], "start": NOON, "end": NOON + 60, "uses": 1},
}
"""A body for each operation that takes one."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)

    @property
    def problem(self) -> str:
        """By which name it was refused."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["name"])


class Phone:
    """Asks with a token; each answer must be one that the document describes."""

    def __init__(self, token: str | None = token_of(ADA)) -> None:
        self.token = token

    @classmethod
    def of(cls, device: Device) -> Phone:
        """A ready-made device."""
        return cls(token_of(device))

    def ask(
        self, method: str, path: str, body: object = None, query: str = "", **headers: str
    ) -> Answer:
        """One request; `path` stands behind `/api/`, and `if_match` is the header If-Match."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            given = {"Authorization": f"Bearer {self.token}", **given}
        if body is not None:
            given = {**JSON, **given}
        return send(event(method, f"/api/{path}", body, query, given))


def ask_for(route: Route, token: str | None, body: object = None, **headers: str) -> Answer:
    """What this route answers about something that is not there."""
    path = "/".join("unknown" if part == PART else part for part in route.path)
    given = BODIES.get(route.name) if body is None else body
    return Phone(token).ask(route.method, path, given, if_match='"0"', **headers)


def event(
    method: str, path: str, body: object, query: str = "", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """As an HTTP API of API Gateway has it (payload format 2.0); bytes go as base64."""
    asked: dict[str, Any] = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        "isBase64Encoded": isinstance(body, bytes),
    }
    if query:
        asked["queryStringParameters"] = dict(each.split("=", 1) for each in query.split("&"))
    if isinstance(body, bytes):
        asked["body"] = base64.b64encode(body).decode()
    elif body is not None:
        asked["body"] = body if isinstance(body, str) else json.dumps(body)
    return asked


def send(asked: dict[str, Any]) -> Answer:
    """Through the handler, and held against the document."""
    said = entry.handler(asked, None)
    answer = Answer(said["statusCode"], said["headers"], said.get("body", ""))
    operation = operation_at(asked["requestContext"]["http"]["method"], asked["rawPath"])
    check_answer(operation, answer.status, answer.headers, answer.text)
    assert answer.headers["cache-control"] == "no-store"
    return answer


def operation_at(method: str, path: str) -> Operation | None:
    """What is asked for by this method at this path."""
    parts = path.removeprefix("/api/").split("/")
    for operation in OPERATIONS.values():
        if operation.method == method and len(parts) == len(operation.parts):
            pairs = zip(operation.parts, parts, strict=True)
            if all(mine in ("{}", theirs) for mine, theirs in pairs):
                return operation
    return None
