"""A photo or press came too late to let anybody in: the phones show it as missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """It never makes a code."""
    visitor.missed(services, event["home"], event["ring"], event["reason"])
