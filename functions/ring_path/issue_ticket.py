"""`RingPressed` → the door gets a ticket for its photo, the phones hear `pressed`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.events import RingPressed
from doorbell.ticket import issue_ticket

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`event` is EventBridge's; its detail is a RingPressed."""
    detail = event["detail"]
    issue_ticket(services, RingPressed(**{f: detail.get(f) for f in RingPressed._fields}))
