"""Events as AWS documents them: our own examples, a file each, and the page they stand on.

A form names which of its fields may be absent. Whoever reads the event must do without them.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from tests.template.sources import Tree

RECORDED: Final = Path(__file__).parent / "recorded"
NAMES: Final = sorted(file.stem for file in RECORDED.glob("*.json"))


class Documented(NamedTuple):
    """One form."""

    source: str
    """AWS's guide and its page."""
    nulls: bool
    """Whether the service may write null where there is nothing."""
    optional: list[str]
    """Paths of what may be absent, as `detail.object.version-id`."""
    event: Tree


def documented(name: str, **values: str) -> Documented:
    """The form of this name; `KEY="a"` fills in `<KEY>`."""
    text = (RECORDED / f"{name}.json").read_text("utf-8")
    for placeholder, value in values.items():
        text = text.replace(f"<{placeholder}>", json.dumps(value)[1:-1])
    return Documented(**json.loads(text))


def forms(name: str) -> list[str]:
    """What is tried: all there, all that is optional gone or null, and each of these alone."""
    told = documented(name)
    alone = [f"without {path}" for path in told.optional]
    return ["whole", "bare", *(["nulls"] if told.nulls else []), *alone]


def in_form(form: str, name: str, **values: str) -> Tree:
    """The event in one of its `forms`."""
    told = documented(name, **values)
    event = copy.deepcopy(told.event)
    match form.split(" "):
        case ["bare"]:
            for path in told.optional:
                change(event, path)
        case ["nulls"]:
            for path in told.optional:
                change(event, path, to=None)
        case ["without", path]:
            change(event, path)
    return event


GONE: Final = object()


def change(event: Any, path: str, to: Any = GONE) -> None:
    """Set what stands at a path, or take it out. Raises KeyError if nothing stands there."""
    *parents, last = _steps(event, path)
    for step in parents:
        event = event[step]
    if to is GONE:
        del event[last]
    else:
        event[last] = to


def at(event: Any, path: str) -> Any:
    """What stands at a path. Raises KeyError."""
    for step in path.split("."):
        event = event[step]
    return event


def _steps(event: Any, path: str) -> list[str]:
    at(event, path)
    return path.split(".")
