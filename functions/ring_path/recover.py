"""A decision failed: ring all the same, from within the state machine or from outside it.

A Catch on States.ALL misses States.Runtime and States.DataLimitExceeded (Step Functions, "Error
handling in workflows"), so a rule on failed executions stands behind the state machines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from doorbell import opening, visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`event` names home and ring, or is Step Functions' status change of a failed execution; then
    the execution's input says which ring it was.
    """
    match event:
        case {"detail": {"input": str(text)}}:
            given = json.loads(text)
        case _:
            given = event
    match given:
        case {"detail-type": "OpenSent", "detail": {"home": home, "door": door, "open": order}}:
            opening.check(services, home, door, order)  # the ring is decided: it shall not ring
            return
    ring = ring_of(given)
    if ring:
        visitor.recover(services, *ring)


def ring_of(given: dict[str, Any]) -> tuple[str, str] | None:
    """Home and ring from an execution's input: S3's event, a bus event, or ours."""
    match given:
        case {"detail": {"object": {"key": str(key)}}}:
            match key.split("/"):
                case ["guest", home, ring, "photo.jpeg"]:
                    return home, ring
        case {"detail": {"home": str(home), "ring": str(ring)}} | {
            "home": str(home),
            "ring": str(ring),
        }:
            return home, ring
    return None
