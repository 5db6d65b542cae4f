"""Plain Python values to DynamoDB's and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Value: TypeAlias = str | int | float | bool | list["Value"] | tuple["Value", ...]
Item: TypeAlias = dict[str, Any]
Record = TypeVar("Record", bound=tuple[Any, ...])

NEAREST_TO_ZERO: Final = 1e-130
"""DynamoDB refuses a number that is nearer to zero, and is not zero."""


def millis(seconds: float) -> str:
    """A time as it stands in sort keys."""
    return f"{round(seconds * 1000):013d}"


def encode(item: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as DynamoDB's; None is left out."""
    return {key: _encode(value) for key, value in item.items() if value is not None}


def decode(item: Mapping[str, Any]) -> Item:
    """DynamoDB's values as plain ones: numbers as int or float, lists as tuples."""
    return {key: _decode(value) for key, value in item.items()}


def read(kind: type[Record], item: Item) -> Record:
    """An item as the NamedTuple it was written from; what it has beyond that is left out.

    A field that is neither there nor has a default was None when it was written.
    """
    fields, defaults = kind._fields, kind._field_defaults  # type: ignore[attr-defined]
    wanted = [field for field in fields if field in item or field not in defaults]
    return kind(**{field: item.get(field) for field in wanted})


def _encode(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | float():
            return {"N": "0" if 0 < abs(value) < NEAREST_TO_ZERO else repr(value)}
        case list() | tuple():
            return {"L": [_encode(element) for element in value]}
    raise TypeError(f"No {type(value).__name__} in the table.")


def _decode(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    if kind == "N":
        return float(content) if "." in content or "e" in content.lower() else int(content)
    if kind == "L":
        return tuple(_decode(element) for element in content)
    return content
