"""`RingPressed` → the door gets a ticket for its photo, the phones hear `pressed`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.events import RingPressed
from doorbell.pressed import answer_press

if TYPE_CHECKING:
    from doorbell.house import House


def handle(house: House, event: dict[str, Any]) -> None:
    """`event` is EventBridge's; its detail is a RingPressed."""
    detail = event["detail"]
    answer_press(house, RingPressed(**{f: detail.get(f) for f in RingPressed._fields}))
