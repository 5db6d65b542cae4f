"""A resident's face was found: draw a code, store its hash, send it, welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import resident

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`token` is where the machine waits for a phone to say that it shows the code."""
    given = (event[name] for name in ("home", "door", "ring", "face", "token"))
    resident.issue_code(services, *given)
