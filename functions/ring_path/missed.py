"""Photo or press are so late that nobody can be let in: the phones are told, and shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """It never makes a code."""
    visitor.missed(services, event["home"], event["ring"], event["reason"])
