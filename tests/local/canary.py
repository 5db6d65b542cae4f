"""ministack is reached by private names: what a test says when one of them has moved."""

import importlib
from typing import Any

PINNED = "1.5.33"


def moved(what: str, user: str) -> str:
    """What a person needs to know: which name, and which file of ours to change."""
    return f"ministack {PINNED} had {what}; it moved: change {user}"


def named(module: str, name: str, user: str) -> Any:
    """What ministack has under a private name; the test fails with the name if it is gone."""
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part, None)
        assert found is not None, moved(f"{module}.{name}", user)
    return found
