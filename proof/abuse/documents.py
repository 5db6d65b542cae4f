"""What the documents say may be done, and by whom: AsyncAPI and OpenAPI, read by machine."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from tests.docs.documents import asyncapi, follow, prose
from tests.docs.openapi import METHODS, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

APIS: Final = {"openapi.yaml": "phone", "openapi-cameras.yaml": "camera"}
"""Whose token each document speaks of."""

TRANSPORTS: Final = ("bearer", "basic", "query")
"""How a token may be carried."""

FOR_MANAGERS: Final = "A manager's phone only."


class Operation(NamedTuple):
    """One operation of an HTTP API."""

    id: str
    role: str
    method: str
    path: str
    transports: frozenset[str]
    """How its token may come; none if it needs no token."""
    manager: bool
    schema: dict[str, Any] | None
    """Of what is sent as JSON."""
    media: str = "application/json"

    @property
    def is_about_something(self) -> bool:
        """Whether it names a thing that another home's caller has none of."""
        if self.id == "addPhoto":
            return False  # whoever is named so in the caller's own home is enrolled
        return self.id in ("signParts", "completeUpload") or "{" in self.path


class Action(NamedTuple):
    """One message that a device may send."""

    name: str
    roles: frozenset[str]
    example: dict[str, Any]

    @property
    def is_about_something(self) -> bool:
        """Whether it names what another home has."""
        return bool(self.example.keys() & {"ring", "open", "code"})


def operations() -> list[Operation]:
    """Of both documents."""
    return [operation for name in APIS for operation in _operations(name)]


def actions() -> list[Action]:
    """Of the socket; who may send them is whose operation of the document lists them."""
    document = asyncapi()
    senders = {"door": "doorSends", "phone": "phoneSends"}
    may: dict[str, set[str]] = {}
    for role, operation in senders.items():
        for each in document["operations"][operation]["messages"]:
            may.setdefault(each["$ref"].rpartition("/")[2], set()).add(role)
    messages = document["components"]["messages"]
    return [
        Action(messages[name]["name"], frozenset(roles), messages[name]["examples"][-1]["payload"])
        for name, roles in may.items()
    ]


def _operations(name: str) -> Iterator[Operation]:
    document = yaml.safe_load(prose(name))
    schemes = document["components"]["securitySchemes"]
    for path, item in document["paths"].items():
        for method in (*METHODS, "head"):
            if method not in item:
                continue
            said = item[method]
            security = said.get("security", document["security"])
            kinds = {_transport(schemes[each]) for needed in security for each in needed}
            content = said.get("requestBody", {}).get("content", {})
            media = next(iter(content), "application/json")
            schema = content.get(media, {}).get("schema") if media == "application/json" else None
            while schema and "$ref" in schema:
                schema = follow(document, schema["$ref"])
            manager = FOR_MANAGERS in said.get("description", "")
            yield Operation(
                said["operationId"], APIS[name], method.upper(), path, frozenset(kinds), manager,
                schema, media,
            )  # fmt: skip


def _transport(scheme: dict[str, str]) -> str:
    """`bearer`, `basic` or `query`."""
    return scheme["scheme"] if scheme["type"] == "http" else scheme["in"]


def body(operation: Operation, picture: bytes, upload: dict[str, str]) -> bytes | None:
    """What is good in every way but for who sends it."""
    if operation.media != "application/json":
        return picture
    if operation.schema is None:
        return None
    known = _known(operation.id, upload)
    if operation.role == "camera":
        made = {field: known[field] for field in operation.schema["required"]}
    else:
        made = sample(operation.schema, known)
    return json.dumps(made).encode()


def _known(operation: str, upload: dict[str, str]) -> dict[str, Any]:
    """What no schema tells, by the names of fields."""
    now = time.time()
    part = {"number": 1, "size": 9, "sha256": "A" * 43 + "="}
    if operation == "completeUpload":
        part = {"number": 1, "etag": '"x"', "sha256": "A" * 43 + "="}
    return {
        "doors": ["front-door"], "start": now - 600, "end": now + 600, "hours": None,
        "until": None, "every": "never", "endpoint": "https://push.example.org/1",
        "keys": {"p256dh": "BA" + "A" * 85, "auth": "A" * 22}, "resident": "Zoe", "consent": True,
        "id": str(uuid.uuid4()), "kind": "clip", "type": "video/mp4", "taken_at": now, "size": 9,
        "what": "disk_full", "since": now, "dropped": 0, "parts": [part],
        "name": f"x {operation} {uuid.uuid4().hex[:6]}", **upload,
    }  # fmt: skip
