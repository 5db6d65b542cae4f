"""A decision failed: ring all the same, from within the state machine or from outside it.

A Catch on States.ALL misses States.Runtime and States.DataLimitExceeded (Step Functions, "Error
handling in workflows"), so a rule on failed executions stands behind the state machines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from doorbell import visitor
from doorbell.homes import ring_of_photo

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`event` names a ring, or is Step Functions' status change of a failed execution; then the
    execution's input names it.
    """
    ring = ring_of(event)
    if ring:
        visitor.recover(services, *ring)


def _input(event: dict[str, Any]) -> dict[str, Any]:
    match event:
        case {"detail": {"input": str(text)}}:
            given: dict[str, Any] = json.loads(text)
            return given
    return event


def ring_of(event: dict[str, Any]) -> tuple[str, str] | None:
    """Home and ring: from a photo's key, or from a failed execution's input."""
    match _input(event):
        case {"key": str(key)}:
            return ring_of_photo(key)
    return None
