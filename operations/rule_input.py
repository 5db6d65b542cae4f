"""What a rule gives its target, made of the event once more (Amazon EventBridge User Guide,
"Amazon EventBridge input transformation").
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def made_input(target: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    """What the target is given of this event. Raises KeyError if the event has not what it names.

    What is no event was made before, and stays as it is.
    """
    if "detail-type" not in event:
        return event
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputPath" in target:
        return _at(target["InputPath"], event)
    if "InputTransformer" in target:
        return _transformed(target["InputTransformer"], event)
    return event


def _transformed(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    values = {name: _at(path, event) for name, path in transformer["InputPathsMap"].items()}
    text = re.sub(
        r"<([\w-]+)>", lambda found: json.dumps(values[found[1]]), transformer["InputTemplate"]
    )
    return json.loads(text)


def _at(path: str, event: Mapping[str, Any]) -> Any:
    """A path of names alone: `$.detail.object.key`."""
    found: Any = event
    for name in path.split(".")[1:]:
        found = found[name]
    return found
