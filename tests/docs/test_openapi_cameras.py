"""docs/openapi-cameras.yaml says what the function does: each route, each refusal, each answer."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate

from doorbell.cameras.problems import PROBLEMS, STATUS
from doorbell.cameras.receiving import LARGEST
from doorbell.cameras.uploads import LARGEST as LARGEST_UPLOADS
from doorbell.cameras.uploads import PART_SIZE
from functions.cameras import entry
from functions.cameras.bodies import (
    CompleteRequest,
    PartsRequest,
    TroubleRequest,
    UploadRequest,
)
from functions.cameras.routes import ROUTES
from tests.docs.documents import ROOT, Tree, follow, prose, references, table
from tests.doorbell.cameras.fakes import FakeReception, picture, sha256
from tests.fakes import CAMERA, NOON, token_of

DOCUMENT: Final[Tree] = yaml.safe_load((ROOT / "docs/openapi-cameras.yaml").read_text("utf-8"))
OPERATIONS: Final = {
    (method.upper(), path): operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
ID: Final = "123e4567-e89b-42d3-a456-426614174000"
CLIP: Final = {
    "id": ID,
    "kind": "clip",
    "type": "video/mp4",
    "name": "gate",
    "taken_at": NOON,
    "size": 9,
}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> FakeReception:
    """The function's world, in memory."""
    made = FakeReception()
    monkeypatch.setattr(entry, "reception", lambda: made.reception)
    return made


def answer(
    method: str, path: str, content: object = None, body: bytes = b"", **headers: str
) -> tuple[int, Any]:
    """What the function answers; it is held against the document on the way."""
    event: Tree = {
        "rawPath": path,
        "requestContext": {"http": {"method": method}},
        "headers": {"authorization": f"Bearer {token_of(CAMERA)}", **headers},
        "body": json.dumps(content) if content is not None else body.decode("latin-1"),
    }
    if content is not None:
        event["headers"]["content-type"] = "application/json"
    if body:
        event |= {"body": b64encode(body).decode(), "isBase64Encoded": True}
    said = entry.handler(event, None)
    shown = json.loads(said["body"]) if said.get("body", "")[:1] == "{" else said.get("body")
    _check(method, path, said, shown)
    return said["statusCode"], shown


def _check(method: str, path: str, said: Tree, shown: Any) -> None:
    responses = OPERATIONS[method, path]["responses"]
    assert str(said["statusCode"]) in responses, (method, path, said["statusCode"])
    response = responses[str(said["statusCode"])]
    if "$ref" in response:
        response = follow(DOCUMENT, response["$ref"])
    if "content" not in response:
        assert "body" not in said
        return
    (kind, content), = response["content"].items()  # fmt: skip
    assert said["headers"]["content-type"] == kind
    schema = content["schema"] | {"components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(shown)


def test_the_document_is_openapi_and_leads_nowhere_else() -> None:
    validate(DOCUMENT)
    for reference in references(DOCUMENT):
        follow(DOCUMENT, reference)


def test_every_route_is_documented_and_nothing_else() -> None:
    routes = {(route.method, "/" + "/".join(route.path)) for route in ROUTES}
    assert routes == set(OPERATIONS)
    for route in ROUTES:
        security = OPERATIONS[route.method, "/" + "/".join(route.path)].get(
            "security", DOCUMENT["security"]
        )
        assert route.anybody == (security == [])
        assert route.in_query == any("query" in way for way in security)


def test_the_closed_list_of_problems_is_one() -> None:
    assert DOCUMENT["components"]["schemas"]["Problem"]["properties"]["name"]["enum"] == list(
        PROBLEMS
    )
    assert set(STATUS) == set(PROBLEMS)


def test_each_refusal_of_a_picture_is_explained_to_whoever_sees_it() -> None:
    """docs/cameras.md tells what to do; what devices of ours hear, they know themselves."""
    rows = table(prose("cameras.md"), "status")
    told = {name for cells in rows.values() for name in PROBLEMS if f"`{name}`" in cells[0]}
    assert told == set(PROBLEMS) - {"not_json", "bad_field", "bad_part", "lost_upload"}
    for status, cells in rows.items():
        for name in PROBLEMS:
            if f"`{name}`" in cells[0]:
                assert str(STATUS[name]) in status


def test_the_limits_are_one() -> None:
    assert f"{LARGEST:,} bytes" in prose("cameras.md")
    assert f"{LARGEST:,} bytes" in prose("openapi-cameras.yaml")
    for most in LARGEST_UPLOADS.values():
        assert f"{most:,}" in prose("openapi-cameras.yaml")
    parts = DOCUMENT["components"]["schemas"]["UploadInParts"]["properties"]["part_size"]
    assert parts["const"] == PART_SIZE


@pytest.mark.parametrize("kind", [UploadRequest, PartsRequest, CompleteRequest, TroubleRequest])
def test_what_is_read_has_the_fields_that_are_documented(kind: Any) -> None:
    schema = DOCUMENT["components"]["schemas"][kind.__name__]
    assert list(schema["properties"]) == schema["required"] == list(kind.__struct_fields__)
    assert schema["additionalProperties"] is False


def test_every_answer_is_as_the_document_says(made: FakeReception) -> None:
    """From the first picture to the last part, refusals among them."""
    for path in ("/", "/camera"):
        assert answer("GET", path)[0] == answer("HEAD", path)[0] == 200
        for method in ("POST", "PUT"):
            jpeg: Tree = {"content-type": "image/jpeg"}
            assert answer(method, path, body=picture(), **jpeg)[0] == 201
            assert answer(method, path, **jpeg)[0] == 400
            assert answer(method, path, body=b"no picture", **jpeg)[0] == 415
            assert answer(method, path, body=picture(), authorization="")[0] == 401
            assert answer(method, path, body=picture(), authorization="Bearer x")[0] == 403

    status, begun = answer("POST", "/camera/uploads", CLIP)
    assert status == 201
    at = {"key": begun["key"], "upload": begun["upload"]}
    part = {"number": 1, "size": 9, "sha256": sha256(b"part")}
    done = {"number": 1, "etag": '"e"', "sha256": sha256(b"part")}
    assert answer("POST", "/camera/uploads/parts", at | {"parts": [part]})[0] == 200
    assert answer("POST", "/camera/uploads/complete", at | {"parts": [done]})[0] == 200
    assert answer("POST", "/camera/uploads", CLIP)[0] == 200
    other = done | {"sha256": sha256(b"other")}
    assert answer("POST", "/camera/uploads/complete", at | {"parts": [other]})[0] == 409
    foreign = {"key": "clips/away/x", "upload": "u"}
    assert answer("POST", "/camera/uploads/parts", foreign | {"parts": [part]})[0] == 404
    assert answer("POST", "/camera/uploads/complete", foreign | {"parts": [done]})[0] == 404
    burst = CLIP | {"kind": "burst", "type": "application/x-mjpeg"}
    assert answer("POST", "/camera/uploads", burst)[0] == 201
    assert answer("POST", "/camera/uploads", burst | {"size": 10**9})[0] == 413
    assert answer("POST", "/camera/uploads", {})[0] == 400
    trouble = {"what": "unreachable", "since": NOON, "dropped": 0}
    assert answer("POST", "/camera/trouble", trouble)[0] == 204
    made.house.bus.refuses = ConnectionError()
    assert answer("POST", "/camera/trouble", trouble)[0] == 503
