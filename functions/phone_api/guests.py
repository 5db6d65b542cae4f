"""`/api/guests`: PINs that open without a ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household import guests
from functions.phone_api import answers
from functions.phone_api.bodies import GuestRequest
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def show_all(household: Household, request: Request) -> Answer:
    """All that are or will be good, and those that ended within a day."""
    shown = guests.show_all(household, request.home)
    return Answer(200, {"guests": [answers.guest(each) for each in shown]})


def add(household: Household, request: Request) -> Answer:
    """A guest; the PIN stands in this answer alone."""
    asked = request.read(GuestRequest)
    plan = guests.GuestPlan(asked.name, tuple(asked.doors), asked.start, asked.end, asked.uses)
    kept, pin = guests.add(household, request.home, plan)
    return Answer(201, {**answers.guest(kept), "pin": pin})


def withdraw(household: Household, request: Request, guest: str) -> Answer:
    """It opens nothing any more."""
    guests.withdraw(household, request.home, guest)
    return Answer(204)
