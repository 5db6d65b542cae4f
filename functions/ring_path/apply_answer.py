"""A resident answered: open the door, or tell it that they declined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import answer

if TYPE_CHECKING:
    from doorbell.services import Services


def handle(services: Services, event: dict[str, Any]) -> None:
    """`answer` is `let_in` or `decline`, `by` the person."""
    answer.apply_answer(services, event["home"], event["ring"], event["answer"], event["by"])
