"""Anyone else: the bell rings and the phones may answer; `token` is where the machine waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """The machine goes on when the token comes back with an answer."""
    visitor.ring_through(services, event["home"], event["ring"], event["reason"], event["token"])
