"""Every key of the configuration: its default, its meaning, and which values it takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from doorbell_client.config.schema import Config


class Key(NamedTuple):
    """One key of the configuration."""

    section: str
    name: str
    type: Any
    """Its annotation in `schema.py`."""
    default: Any

    @property
    def variable(self) -> str:
        """The environment variable that counts more than the file."""
        return f"DOORBELL_{self.section}_{self.name}".upper()

    @property
    def about(self) -> str:
        """What it means, for a person."""
        found = inspect.type_info(self.type)
        assert isinstance(found, inspect.Metadata)
        return str((found.extra_json_schema or {})["description"])

    @property
    def shown_default(self) -> Any:
        """The default, or an example where there is none."""
        found = inspect.type_info(self.type)
        examples = (getattr(found, "extra_json_schema", None) or {}).get("examples", [])
        return examples[0] if self.default in (None, "") and examples else self.default

    @property
    def expected(self) -> str:
        """Which values it takes; ends the sentence "expected …"."""
        return _expected(inspect.type_info(self.type))

    def read(self, value: object) -> Any:
        """What a TOML `value` means. Raises msgspec.ValidationError."""
        return msgspec.convert(value, self.type, dec_hook=_path)

    def read_text(self, text: str) -> Any:
        """What the environment's `text` means. Raises msgspec.ValidationError."""
        if isinstance(_inner(inspect.type_info(self.type)), inspect.VarTupleType):
            value: object = [part.strip() for part in text.split(",")]
        else:
            value = text
        return msgspec.convert(value, self.type, strict=False, dec_hook=_path)


def sections() -> dict[str, type[msgspec.Struct]]:
    """The class of each section, by its name in the file."""
    return {field.name: field.type for field in msgspec.structs.fields(Config)}


def keys_of(section: str) -> dict[str, Key]:
    """The keys of one section, by name."""
    return {
        field.name: Key(section, field.name, field.type, field.default)
        for field in msgspec.structs.fields(sections()[section])
    }


def all_keys() -> Iterator[Key]:
    """Every key, in the order of `schema.py`."""
    for section in sections():
        yield from keys_of(section).values()


def _path(wanted: type, value: object) -> Path:
    """Teaches msgspec paths. Raises ValueError, which msgspec makes its own error of."""
    if wanted is not Path or not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("no path")
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError("nobody's home") from None  # ~somebody, whom this machine does not know


def _inner(kind: inspect.Type) -> inspect.Type:
    """The type without what is said about it, and without the None of a key that may be absent."""
    if isinstance(kind, inspect.Metadata):
        return _inner(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _inner(next(each for each in kind.types if not isinstance(each, inspect.NoneType)))
    return kind


def _expected(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.Metadata) and kind.extra:
        return str(kind.extra["expected"])
    match _inner(kind):
        case inspect.LiteralType(values=words):
            said = "one of " + ", ".join(json.dumps(word) for word in words)
        case inspect.IntType(ge=low, le=high):
            said = f"a whole number from {low} to {high}"
        case inspect.FloatType(ge=low, le=high):
            said = f"a number from {low} to {high}"
        case inspect.BoolType():
            said = "true or false"
        case inspect.VarTupleType(item_type=inspect.IntType(ge=low, le=high), min_length=count):
            said = f"{count} different numbers from {low} to {high}"
        case inspect.CustomType():
            said = "a path in quotes"
        case _:
            said = "text in quotes"
    return said
