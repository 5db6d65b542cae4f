"""The template's rules, as EventBridge applies them: which event passes, and what arrives.

Amazon EventBridge User Guide, "Creating Amazon EventBridge event patterns" and "Amazon EventBridge
input transformation".
"""

from __future__ import annotations

import functools
import json
import re
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from tests.events.documented import at
from tests.template.sources import Tree, template

MADE: Final = {
    "Bucket": "doorbell-bucket",
    "StopMotion": "arn:aws:states:eu-central-1:111122223333:stateMachine:doorbell-film",
    "Visitor": "arn:aws:states:eu-central-1:111122223333:stateMachine:doorbell-visitor",
}
"""What `!Ref` gives, as the examples have it."""


class Rule(NamedTuple):
    """A rule and what it wakes."""

    target: str
    """The function's or the state machine's logical id."""
    name: str
    properties: Tree

    def __str__(self) -> str:
        return f"{self.target}.{self.name}"

    @property
    def kinds(self) -> list[str]:
        """The detail-types it lets pass."""
        return list(self.properties["Pattern"]["detail-type"])

    @property
    def source(self) -> str:
        """Whose events it is about."""
        (source,) = self.properties["Pattern"]["source"]
        return str(source)

    def passes(self, event: Tree) -> bool:
        """Whether the event fits the pattern."""
        return _fits(self.properties["Pattern"], event)

    def arriving(self, event: Tree) -> Any:
        """What the target gets. Raises KeyError if a path leads nowhere in the event."""
        if "InputPath" in self.properties:
            return at(event, self.properties["InputPath"].removeprefix("$."))
        if "InputTransformer" not in self.properties:
            return event
        mapped = self.properties["InputTransformer"]["InputPathsMap"]
        text = self.properties["InputTransformer"]["InputTemplate"]
        for name, path in mapped.items():
            value = json.dumps(at(event, path.removeprefix("$.")))
            text = text.replace(f"<{name}>", value)
        assert not re.search(r"<\w+>", text), f"{self}: something in {text} is not filled in"
        return json.loads(text)


def rules(source: str) -> list[Rule]:
    """The rules about the events of this source."""
    return [rule for rule in _every() if rule.source == source]


@functools.cache
def _every() -> list[Rule]:
    return [
        Rule(target, name, each["Properties"])
        for target, resource in template()["Resources"].items()
        for name, each in resource.get("Properties", {}).get("Events", {}).items()
        if each["Type"] == "EventBridgeRule"
    ]


def _fits(pattern: Tree, event: Any) -> bool:
    return all(
        _fits(wanted, event.get(field, {}))
        if isinstance(wanted, dict)
        else any(_is(each, event.get(field)) for each in wanted)
        for field, wanted in pattern.items()
    )


def _is(wanted: Any, value: Any) -> bool:
    match wanted:
        case {"wildcard": str(written)}:
            assert not set(written) & set("?["), "fnmatch has more signs than EventBridge"
            return fnmatchcase(str(value), written)
        case {"prefix": str(beginning)}:
            return str(value).startswith(beginning)
        case {"suffix": str(end)}:
            return str(value).endswith(end)
        case {"Ref": str(name)}:
            return bool(value == MADE[name])
        case dict():
            raise AssertionError(f"Nobody has said what {wanted} lets pass.")
    return bool(wanted == value)
