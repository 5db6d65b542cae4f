"""The phone's API for machines: the operations of `docs/openapi.yaml`, and what they may answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.docs.documents import Tree, follow, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

METHODS: Final = ("get", "put", "post", "delete", "patch")
DOCUMENT: Final[Tree] = yaml.safe_load(prose("openapi.yaml"))


class Operation(NamedTuple):
    """One thing that a phone may ask for."""

    method: str
    path: str
    described: Tree
    parameters: tuple[Tree, ...]

    @property
    def id(self) -> str:
        """`getHome`."""
        return str(self.described["operationId"])

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands behind `/api/`; `{}` for what is open."""
        parts = self.path.removeprefix("/api/").split("/")
        return tuple("{}" if part.startswith("{") else part for part in parts)

    @property
    def open_parts(self) -> list[str]:
        """The names of what is open in the path."""
        return [p["name"] for p in self.parameters if p["in"] == "path"]

    @property
    def body(self) -> Tree | None:
        """The schema of what is sent."""
        sent = self.described.get("requestBody")
        schema: Tree | None = sent and sent["content"]["application/json"]["schema"]
        return schema

    @property
    def needs_token(self) -> bool:
        """Whether a phone must say who it is."""
        return bool(self.described.get("security", DOCUMENT["security"]))

    @property
    def for_managers(self) -> bool:
        """Whether only a phone that manages the home may ask."""
        return "A manager's phone only." in self.described.get("description", "")


def operations() -> dict[str, Operation]:
    """All of them, by their ids."""
    return {operation.id: operation for operation in _operations()}


def _operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                given = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                parameters = tuple(resolved(each) for each in given)
                yield Operation(method.upper(), path, item[method], parameters)


def resolved(tree: Tree) -> Tree:
    """What a `$ref` leads to, or the tree itself."""
    while "$ref" in tree:
        tree = follow(DOCUMENT, tree["$ref"])
    return tree


def validator(schema: Tree) -> Any:
    """Judges by a schema of the document (JSON Schema 2020-12, as OpenAPI 3.1 has it)."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


PROBLEM: Final[Tree] = {"$ref": "#/components/schemas/Problem"}


def check_answer(
    operation: Operation | None, status: int, headers: Mapping[str, str], body: str
) -> None:
    """Raises AssertionError, ValidationError unless the document lets the operation answer so.

    Without an operation (there is none at this path, or not by this method) it is a problem.
    """
    if operation is None:
        assert status in (404, 405), status
        _check_json(PROBLEM, "application/problem+json", headers, body)
        return
    answers = operation.described["responses"]
    assert str(status) in answers, f"{operation.id} may not answer {status}: {body}"
    answer = resolved(answers[str(status)])
    for name in answer.get("headers", ()):
        assert name.lower() in headers, f"{operation.id} lacks {name}"
    if "content" not in answer:
        assert not body
        return
    ((kind, content),) = answer["content"].items()
    _check_json(content["schema"], kind, headers, body)


def _check_json(schema: Tree, kind: str, headers: Mapping[str, str], body: str) -> None:
    assert headers["content-type"] == kind
    value = json.loads(body)
    validator(schema).validate(value)
    assert undescribed(schema, value) == []
    if kind == "application/problem+json":
        assert value["type"] == f"urn:doorbell:{value['name']}"


def undescribed(schema: Tree, value: object, at: str = "$") -> list[str]:
    """Fields that no schema names: an answer says what is described, and no more."""
    parts = [resolved(each) for each in _parts(resolved(schema), value)]
    if isinstance(value, list):
        items: Tree = next((part["items"] for part in parts if "items" in part), {})
        return [f for n, each in enumerate(value) for f in undescribed(items, each, f"{at}[{n}]")]
    if not isinstance(value, dict) or any("additionalProperties" in part for part in parts):
        return []
    named = {key: each for part in parts for key, each in part.get("properties", {}).items()}
    strange = [f"{at}.{key}" for key in value if key not in named]
    known = [(f"{at}.{key}", named[key], value[key]) for key in value if key in named]
    return strange + [field for place, each, it in known for field in undescribed(each, it, place)]


def _parts(schema: Tree, value: object) -> list[Tree]:
    """A schema with those that it is made of, as far as they are about this value."""
    parts = [part for each in schema.get("allOf", ()) for part in _parts(resolved(each), value)]
    fitting = [each for each in schema.get("oneOf", ()) if validator(each).is_valid(value)]
    return [schema, *parts, *(part for each in fitting for part in _parts(resolved(each), value))]


def sample(schema: Tree, known: Mapping[str, object]) -> Any:
    """A body that fits a schema: its required fields, or one if none is, as simple as can be.

    What a schema cannot say, such as which doors there are, is `known` by the field's name.
    """
    schema = resolved(schema)
    if "properties" in schema:
        wanted = schema.get("required") or list(schema["properties"])[:1]
        fields = schema["properties"]
        return {f: known[f] if f in known else sample(fields[f], known) for f in wanted}
    kind = schema.get("type", "null")
    plain: dict[str, object] = {"string": "x", "boolean": True, "integer": 1, "null": None}
    return plain[kind[0] if isinstance(kind, list) else kind]
