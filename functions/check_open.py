"""An order to open is no longer valid: the phones are told if the door never opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import opening

if TYPE_CHECKING:
    from doorbell.house import House


def handle(house: House, event: dict[str, Any]) -> None:
    """`open` is the order's id."""
    opening.check(house, event["home"], event["door"], event["open"])
