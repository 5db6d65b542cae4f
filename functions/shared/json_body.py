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
        raise problem("bad_field", _whole(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise problem("not_json", "The body must be one JSON object.") from None


def _whole(said: str) -> str:
    """The library's sentence, ended; it names the field and never quotes what was sent."""
    return said if said.endswith(".") else f"{said}."
