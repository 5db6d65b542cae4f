"""Nobody answered in time: tell the door, and the phones that they missed somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """The phones hear that they missed somebody."""
    visitor.no_answer(services, event["home"], event["ring"])
