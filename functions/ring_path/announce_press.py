"""`RingPressed` → the phones hear `pressed`; the door gets a ticket if it has none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.announcing import announce_press
from doorbell.events import RingPressed

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`event` is EventBridge's; its detail is a RingPressed."""
    detail = event["detail"]
    announce_press(services, RingPressed(**{f: detail.get(f) for f in RingPressed._fields}))
