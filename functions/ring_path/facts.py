"""What a log line says about an event, so that one ring can be followed: ids, and nothing said."""

from __future__ import annotations

from typing import Any

from functions.ring_path.recover import ring_of


def facts_of(event: dict[str, Any], context: object) -> dict[str, str]:
    """Home, door or phone, ring and Lambda's request id, as far as the event tells them."""
    facts = {"request_id": getattr(context, "aws_request_id", None), **_ids(event)}
    return {name: value for name, value in facts.items() if isinstance(value, str)}


def _ids(event: dict[str, Any]) -> dict[str, Any]:
    match event:
        case {"requestContext": {"authorizer": {"home": home, "role": role, "id": device}}}:
            return {"home": home, role: device}
        case {"detail": {"home": home, "ring": ring, **rest}}:
            return {"home": home, "ring": ring, "door": rest.get("door")}
        case {"detail": {"input": _}} | {"do": _}:
            ring = ring_of(event)
            known = {"home": ring[0], "ring": ring[1]} if ring else {"home": event.get("home")}
            return {**known, "door": event.get("door")}
    return {}
