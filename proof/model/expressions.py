"""DynamoDB's condition and update expressions, as far as this product writes them.

Amazon DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions" and
"Using update expressions". Items and values are as they stand on the wire: {"S": "text"}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

Wire: TypeAlias = Mapping[str, Any]
"""An item, or the values of an expression: names to DynamoDB's values."""
Test: TypeAlias = Callable[[Wire, Wire], bool]
Operand: TypeAlias = Callable[[Wire, Wire], Any]

_WORDS: Final = re.compile(r":?\w+|<>|<=|>=|[=<>(),]")
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def holds(expression: str, item: Wire | None, values: Wire) -> bool:
    """Whether a condition holds for an item; an item that is not there has no attributes."""
    return _condition(expression)(item or {}, values)


def updated(expression: str, item: Wire, values: Wire) -> dict[str, Any]:
    """The item after `SET … REMOVE …`; what is read there is read from the item before."""
    after = dict(item)
    for clause in re.findall(r"(SET|REMOVE) (.*?)(?= SET | REMOVE |$)", expression):
        for part in re.split(r",\s*(?![^()]*\))", clause[1]):
            if clause[0] == "REMOVE":
                after.pop(part.strip(), None)
            else:
                name, value = part.split("=", 1)
                after[name.strip()] = _new_value(value.strip(), item, values)
    return after


def plain(value: Any) -> Any:
    """A value as Python compares it; None stays None."""
    if value is None:
        return None
    ((kind, content),) = value.items()
    return float(content) if kind == "N" else content


def _new_value(written: str, item: Wire, values: Wire) -> Any:
    if found := re.fullmatch(r"list_append\((\w+), (:\w+)\)", written):
        return {"L": [*item[found[1]]["L"], *values[found[2]]["L"]]}
    return values[written]


@cache
def _condition(expression: str) -> Test:
    return _Reader(_WORDS.findall(expression)).whole()


class _Reader:
    """Reads a condition by recursive descent."""

    def __init__(self, words: list[str]) -> None:
        self._words = words

    def whole(self) -> Test:
        """The whole expression. Raises ValueError at what it does not know."""
        test = self._either()
        if self._words:
            raise ValueError(f"What is {self._words[0]!r} here?")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._took("OR"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda i, v: any(test(i, v) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._took("AND"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda i, v: all(test(i, v) for test in tests)

    def _one(self) -> Test:
        if self._took("("):
            inner = self._either()
            self._need(")")
            return inner
        if self._words[0] in ("attribute_exists", "attribute_not_exists"):
            there = self._words.pop(0) == "attribute_exists"
            name = self._argument()
            return lambda item, _: (name in item) is there
        return self._comparison()

    def _comparison(self) -> Test:
        left = self._operand()
        compare = _COMPARE[self._words.pop(0)]
        right = self._operand()

        def test(item: Wire, values: Wire) -> bool:
            a, b = left(item, values), right(item, values)
            return a is not None and b is not None and compare(a, b)

        return test

    def _operand(self) -> Operand:
        if self._words[0] == "size":
            self._words.pop(0)
            name = self._argument()
            return lambda item, _: len(plain(item[name])) if name in item else None
        word = self._words.pop(0)
        if word.startswith(":"):
            return lambda _, values: plain(values[word])
        return lambda item, _: plain(item.get(word))

    def _argument(self) -> str:
        self._need("(")
        name = self._words.pop(0)
        self._need(")")
        return name

    def _took(self, word: str) -> bool:
        if self._words and self._words[0] == word:
            self._words.pop(0)
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._took(word):
            raise ValueError(f"{word!r} is missing.")
