"""A photo came for a ring that another execution has claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """Shown if the phones saw none yet; else it is S3's event, delivered twice."""
    if "ring" in event:  # the bus's wildcard also lets `guest/home/ring/x/photo.jpeg` pass
        visitor.late_photo(services, event["home"], event["ring"])
