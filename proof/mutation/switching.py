"""A changed function in the place of the live one, whoever holds it."""

from __future__ import annotations

import ast
import gc
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


class NotPossible(Exception):
    """This change makes no function that could stand there."""


def functions_of(files: Collection[str]) -> list[FunctionType]:
    """All of these files that are alive, decorated or not."""
    return [
        each
        for each in gc.get_objects()
        if type(each) is FunctionType and each.__code__.co_filename in files
    ]


def switch(live: Sequence[FunctionType], text: str, *, header: bool = False) -> None:
    """Give these, which are one function in the source and what it has made, the code that `text`
    has for it.

    With `header` the defaults change, too. Raises NotPossible.
    """
    if not live:
        raise NotPossible("nobody holds it")
    try:
        whole = compile(text, live[0].__code__.co_filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise NotPossible(str(error)) from None
    new = {(code.co_qualname, code.co_firstlineno): code for code in _inside(whole)}
    for each in live:
        _give(each, new, text, header=header)


def _give(
    live: FunctionType, new: dict[tuple[str, int], CodeType], text: str, *, header: bool
) -> None:
    was = live.__code__
    try:
        live.__code__ = new[was.co_qualname, was.co_firstlineno]
        if header and "<locals>" not in was.co_qualname:
            live.__defaults__, live.__kwdefaults__ = _defaults(live, text)
    except (KeyError, ValueError, NameError) as error:
        raise NotPossible(str(error)) from None


def _inside(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _inside(each)


def _defaults(
    live: FunctionType, text: str
) -> tuple[tuple[Any, ...] | None, dict[str, Any] | None]:
    """What the parameters are without an argument, by the changed text."""
    name, first = live.__name__, live.__code__.co_firstlineno
    node = next(
        each
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and each.name == name
        and min([each.lineno, *(d.lineno for d in each.decorator_list)]) == first
    )
    node.decorator_list, node.returns, node.body = [], None, [ast.Pass()]
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    made: dict[str, FunctionType] = {}
    module = ast.fix_missing_locations(ast.Module([node], []))
    exec(compile(module, "defaults", "exec"), dict(live.__globals__), made)
    return made[name].__defaults__, made[name].__kwdefaults__
