"""A body of JSON, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.problems import Problem

Body = TypeVar("Body", bound=msgspec.Struct)
WrongBody: TypeAlias = Literal["wrong_type", "too_large", "not_json", "bad_field"]

LONGEST: Final = 16 * 1024
"""Bytes; hardly anything that a device asks for needs more."""

NO_OBJECT: Final = "The body must be one JSON object."


def read_json(
    body: bytes,
    media_type: str,
    kind: type[Body],
    problem: Callable[[WrongBody, str], Problem],
    longest: int = LONGEST,
) -> Body:
    """The body as this structure. Raises what `problem` makes of what is wrong with it."""
    if media_type != "application/json":
        raise problem("wrong_type", "The body must be application/json.")
    if len(body) > longest:
        raise problem("too_large", f"The body may have {longest} bytes at most.")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        said = str(error)
        if _is_of_the_whole(said):
            raise problem("not_json", NO_OBJECT) from None
        raise problem("bad_field", _ended(said)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise problem("not_json", NO_OBJECT) from None


def _is_of_the_whole(said: str) -> bool:
    """Whether it is JSON, but no object."""
    return said.startswith("Expected `object`") and " at `$" not in said


def _ended(said: str) -> str:
    """The library's sentence; it names the field and never quotes what stands in one."""
    return said if said.endswith(".") else f"{said}."
