"""A resident's face was found: draw a code, store its hash, send it, welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import resident

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> dict[str, Any]:
    """How many phones it reached, and if none, why the bell rings. Never the code."""
    issued = resident.issue_code(services, event["home"], event["ring"], event["face"])
    return issued._asdict()
