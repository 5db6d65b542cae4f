"""An event of the bus, as Lambda gets it (Amazon EventBridge User Guide, "Event structure")."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def time_of(event: dict[str, Any]) -> float:
    """When the bus took it, in epoch seconds; a second is its grain."""
    return datetime.fromisoformat(event["time"]).timestamp()


def facts_of(event: dict[str, Any], context: object) -> dict[str, object]:
    """What the log may say of it: ids alone."""
    known = ("home", "door", "device", "ring")
    return {
        "request_id": str(getattr(context, "aws_request_id", "")),
        **{key: event["detail"][key] for key in known if key in event["detail"]},
    }
