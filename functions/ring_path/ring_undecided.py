"""`watch` waited in vain, and another execution has claimed the ring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """It may have died before it decided: then the bell rings."""
    visitor.ring_undecided(services, event["home"], event["ring"])
