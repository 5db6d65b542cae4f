"""The template's parameters: their defaults, and what may be answered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from doorbell.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Final = Path("template.yaml")


class _Plain(yaml.SafeLoader):
    """Reads `!Ref` and its like as nothing: no parameter has any."""


_Plain.add_multi_constructor("!", lambda _loader, _tag, _node: None)

Declared = dict[str, dict[str, Any]]


def read_parameters(template: Path = TEMPLATE) -> Declared:
    """What the template declares, by name."""
    with template.open(encoding="utf-8") as file:
        declared: Declared = yaml.load(file, _Plain)["Parameters"]  # noqa: S506 - a safe loader
    return declared


def all_values(declared: Declared, given: Mapping[str, str]) -> dict[str, str]:
    """A value for each: what was given, and the default of today for all others.

    SAM keeps the former value of what it is not given, so that a changed default would never
    arrive. Raises BadSetting for a parameter that there is not, or a value it does not take.
    """
    if unknown := sorted(set(given) - set(declared)):
        raise BadSetting(f"The template has no parameter {', '.join(unknown)}.")
    for name, value in given.items():
        check(declared, name, value)
    return {name: given.get(name, str(each["Default"])) for name, each in declared.items()}


def check(declared: Declared, name: str, value: str) -> str:
    """The value, if the parameter takes it, as CloudFormation decides. Raises BadSetting."""
    each = declared[name]
    pattern, allowed = each.get("AllowedPattern"), [str(v) for v in each.get("AllowedValues", ())]
    fits = (
        (not pattern or re.fullmatch(pattern, value))
        and (not allowed or value in allowed)
        and len(value) >= each.get("MinLength", 0)
        and len(value) <= each.get("MaxLength", len(value))
    )
    if not fits:
        expected = each.get("ConstraintDescription") or ", ".join(allowed) or _length(each)
        raise BadSetting(f"{name} cannot be {value!r}: expected {expected}.")
    return value


def _length(each: dict[str, Any]) -> str:
    return f"{each.get('MinLength', 0)} to {each.get('MaxLength', 4096)} letters"
