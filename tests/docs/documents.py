"""The documents about the protocol, read anew by machine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]

ROOT: Final = Path(__file__).resolve().parents[2]
Tree: TypeAlias = dict[str, Any]


def prose(name: str) -> str:
    """The text of `docs/name`."""
    return (ROOT / "docs" / name).read_text("utf-8")


def asyncapi() -> Tree:
    """`docs/asyncapi.yaml`."""
    read: Tree = yaml.safe_load(prose("asyncapi.yaml"))
    return read


def json_blocks(markdown: str) -> list[Tree]:
    """Every block of code that says it is JSON."""
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", markdown, re.DOTALL)]


def table(markdown: str, first: str) -> dict[str, list[str]]:
    """The table whose first column is headed `first`: its rows by the name in that column."""
    lines = iter(markdown.splitlines())
    for line in lines:
        if line.startswith(f"| {first} |"):
            next(lines)
            break
    else:
        raise AssertionError(f"No table begins with a column {first}.")
    rows: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("|"):
            break
        name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
        rows[name.strip("` ")] = cells
    return rows


def section(markdown: str, heading: str) -> str:
    """What stands under `heading`, up to the next one of its level."""
    level = heading.split(" ", maxsplit=1)[0]
    _, _, rest = f"\n{markdown}".partition(f"\n{heading}\n")
    assert rest, f"There is no {heading}."
    return re.split(rf"^{level} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def follow(document: Tree, reference: str) -> Any:
    """What a `$ref` within the document names. Raises KeyError."""
    assert reference.startswith("#/"), f"{reference} leads out of the document"
    found: Any = document
    for step in reference[2:].split("/"):
        found = found[step]
    return found


def references(tree: object) -> list[str]:
    """Every `$ref` below `tree`."""
    match tree:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [found for value in tree.values() for found in references(value)]
        case list():
            return [found for value in tree for found in references(value)]
    return []


def payload_validator(document: Tree, message: str) -> Draft7Validator:
    """Judges payloads of this message; AsyncAPI's own schemas are draft 7 and a little more."""
    schema = {
        "$ref": f"#/components/messages/{message}/payload",
        "components": document["components"],
    }
    return _Validator(schema)


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Any:
    """JSON Schema's patterns are ECMAScript's: there `$` is the end, not before a last newline."""
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("does not match")


_Validator: Final = extend(Draft7Validator, {"pattern": _pattern})
