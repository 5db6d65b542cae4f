"""An order to open is no longer valid: tell the phones if the door never opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import opening

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`open` is the order's id."""
    opening.check(services, event["home"], event["door"], event["open"])
