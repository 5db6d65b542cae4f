"""What is changed: mutmut's operators on each node of a function, and two of our own.

Of the three changes that mutmut makes to a text the first is taken (`XX` around it): the others
(all small, all large letters) live and die with it, or change nothing where case means nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import libcst as cst
from mutmut.mutation.mutators import mutation_operators

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER: Final = ("__getattribute__", "__setattr__", "__new__")
UNCHANGED_CALLS: Final = ("len", "isinstance")
"""mutmut leaves these alone, too."""
LOGS: Final = ("_log",)


def is_left_alone(node: Any) -> bool:
    if isinstance(node, cst.Annotation | cst.Decorator | cst.BaseParenthesizableWhitespace):
        return True
    if isinstance(node, cst.FunctionDef):
        return node.name.value in NEVER
    if isinstance(node, cst.Param) and node.default:
        return not isinstance(node.default, cst.Name | cst.BaseNumber | cst.BaseString)
    called = node.func if isinstance(node, cst.Call) else None
    return isinstance(called, cst.Name) and called.value in UNCHANGED_CALLS


def changes_of(node: Any) -> Iterator[Any]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            made = list(operator(node))
            yield from made[:1] if kind is cst.BaseString else made
    yield from _left_out(node)
    yield from _turned_round(node)


def _left_out(node: Any) -> Iterator[Any]:
    """A call that stands alone is not made."""
    value = node.value if isinstance(node, cst.Expr) else None
    if isinstance(value, cst.Call | cst.Await):
        yield cst.Pass()


def _turned_round(node: Any) -> Iterator[Any]:
    """A condition without an operator, which mutmut leaves as it is."""
    if isinstance(node, cst.If | cst.While) and isinstance(
        node.test, cst.Name | cst.Attribute | cst.Call | cst.Await
    ):
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), node.test))


def kind_of(node: Any, inside: str) -> str:
    """Whether nothing changes but what a log line or an error says.

    A name in an error is promised; words are not.
    """
    if inside != "error":
        return inside
    words = [arg.value for arg in node.args] if isinstance(node, cst.Call) else [node]
    return "error" if words and _is_sentence(words[-1]) and len(words) == 1 else ""


def _is_sentence(node: Any) -> bool:
    texts = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
    return isinstance(node, texts) and " " in cst.Module([]).code_for_node(node)


def kind_inside(node: Any, kind: str) -> str:
    """Whose words are in this node."""
    if isinstance(node, cst.Raise):
        return "error"
    called = node.value if isinstance(node, cst.Expr | cst.Return) else node
    if not isinstance(called, cst.Call):
        return kind
    name = called.func
    if isinstance(name, cst.Name) and name.value.endswith(("Error", "Problem")):
        return "error"
    whose = name.value if isinstance(name, cst.Attribute) else None
    return "log" if isinstance(whose, cst.Name) and whose.value in LOGS else kind
