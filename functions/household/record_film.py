"""A film of a ring was made: the history shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.household import history

if TYPE_CHECKING:
    from doorbell.household.services import Household


def handle(household: Household, _name: str, detail: dict[str, Any]) -> None:
    """`detail` is that of FilmMade, of a ring."""
    history.film_made(household, detail["home"], detail["ring"])
