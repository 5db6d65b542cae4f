"""Whether a policy allows a call: IAM's rule, as far as our policies go, and not a step further.

IAM User Guide, "Policy evaluation logic": what nothing allows is refused, and one Deny outweighs
all that is allowed. A condition of a kind that is not known here is an error, not a guess.
`test_evaluator.py` compares it with the emulator's evaluator, which somebody else has written.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Statement = dict[str, Any]


class Request(NamedTuple):
    """What somebody wants to do, to what, and what conditions can know of it."""

    action: str
    resource: str
    keys: Mapping[str, str | list[str]] = {}


def allows(statements: Iterable[Statement], request: Request) -> bool:
    """Whether these policies together allow it."""
    effects = {each["Effect"] for each in statements if applies(each, request)}
    return effects == {"Allow"}


def denies(statements: Iterable[Statement], request: Request) -> bool:
    """Whether one of them forbids it: all that a bucket's policy does here."""
    return any(each["Effect"] == "Deny" and applies(each, request) for each in statements)


def applies(statement: Statement, request: Request) -> bool:
    """Whether the statement speaks of this call."""
    return (
        _speaks_of(statement, "Action", request.action.lower(), str.lower)
        and _speaks_of(statement, "Resource", request.resource, str)
        and all(
            OPERATORS[operator](request.keys.get(key), [str(each) for each in _listed(wanted)])
            for operator, of_keys in statement.get("Condition", {}).items()
            for key, wanted in of_keys.items()
        )
    )


def _speaks_of(statement: Statement, element: str, value: str, fold: Callable[[str], str]) -> bool:
    if (others := statement.get(f"Not{element}")) is not None:
        return not any(matches(fold(each), value) for each in _listed(others))
    return any(matches(fold(each), value) for each in _listed(statement[element]))


def matches(pattern: str, value: str) -> bool:
    """`*` is any text, `/` and `:` in it too, and `?` one letter; nothing else is special."""
    return _compiled(pattern).fullmatch(value) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    special = {"*": ".*", "?": "."}
    return re.compile("".join(special.get(c) or re.escape(c) for c in pattern), re.DOTALL)


def _string_equals(found: str | list[str] | None, wanted: list[str]) -> bool:
    return found in wanted


def _all_equal(found: str | list[str] | None, wanted: list[str]) -> bool:
    values = found if isinstance(found, list) else [found] if found is not None else []
    return all(each in wanted for each in values)


def _string_like(found: str | list[str] | None, wanted: list[str]) -> bool:
    return isinstance(found, str) and any(matches(each, found) for each in wanted)


def _is_null(found: str | list[str] | None, wanted: list[str]) -> bool:
    return str(found is None).lower() in [each.lower() for each in wanted]


def _bool(found: str | list[str] | None, wanted: list[str]) -> bool:
    return isinstance(found, str) and found.lower() in [each.lower() for each in wanted]


OPERATORS: Final[Mapping[str, Callable[[Any, list[str]], bool]]] = {
    "StringEquals": _string_equals,
    "ForAllValues:StringEquals": _all_equal,
    "StringLike": _string_like,
    "ArnLike": _string_like,
    "Null": _is_null,
    "Bool": _bool,
}
"""Those that our policies have (IAM User Guide, "Condition operators")."""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
