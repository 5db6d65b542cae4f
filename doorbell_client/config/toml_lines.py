"""On which line a TOML document defines a key: tomllib does not say, so it is found by trying.

A document is a row of statements, and each statement is a document of its own; part of a statement
(an open string or list) is not. So the fewest further lines that tomllib accepts are one statement,
and read together with the table's header they give the keys that it defines.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Keys = tuple[str, ...]
"""A key with the tables it lies in, outermost first."""


class _Statement(NamedTuple):
    line: int
    text: str


def lines_of(document: str) -> dict[Keys, int]:
    """The line, counted from 1, on which the statement of each key begins.

    `document` must be TOML: the search ends at the first thing that is not.
    """
    found: dict[Keys, int] = {}
    header = ""
    for statement in _statements(document):
        if statement.text.lstrip().startswith("["):
            header = statement.text
            content = tomllib.loads(header)
        else:
            content = tomllib.loads(header + statement.text)
        for keys in _paths(content):
            found.setdefault(keys, statement.line)
    return found


def _statements(document: str) -> Iterator[_Statement]:
    line, text = 1, ""
    for number, next_line in enumerate(document.split("\n"), start=1):
        text += next_line + "\n"
        if _is_whole(text):
            yield _Statement(line, text)
            line, text = number + 1, ""


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _paths(table: Mapping[str, object], above: Keys = ()) -> Iterator[Keys]:
    for name, value in table.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _paths(value, (*above, name))
