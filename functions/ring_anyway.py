"""The answer could not be waited for: the bell rings all the same, and an answer still opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import visitor

if TYPE_CHECKING:
    from doorbell.house import House


def handle(house: House, event: dict[str, Any]) -> None:
    """From within the state machine; `rescue` does the same from outside."""
    visitor.rescue(house, event["home"], event["ring"])
