"""`/api/rings`: who came, and "this is …"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.household import history, residents
from doorbell.household.problems import Problem, not_found
from functions.phone_api import answers
from functions.phone_api.bodies import FaceName
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.history import Only
    from doorbell.household.services import Household

ONLY: Final[dict[str | None, Only | None]] = {
    None: None,
    "strangers": "strangers",
    "missed": "missed",
}


def show_page(household: Household, request: Request) -> Answer:
    """A page of the history."""
    only = request.query.get("only")
    if only not in ONLY:
        raise Problem("bad_field", "`only` must be strangers or missed.")
    visits, cursor = history.page(household, request.home, request.query.get("cursor"), ONLY[only])
    shown = [answers.visit(household, each) for each in visits]
    return Answer(200, {"rings": shown, "next": cursor})


def show(household: Household, request: Request, ring: str) -> Answer:
    """One ring."""
    found = household.visits.find(request.home, ring)
    if found is None:
        raise not_found()
    return Answer(200, answers.visit(household, found))


def name_face(household: Household, request: Request, ring: str) -> Answer:
    """The face on this ring's photo is a resident's from now on."""
    asked = request.read(FaceName)
    if household.visits.find(request.home, ring) is None:
        raise not_found()
    if not asked.consent:
        raise Problem("no_consent", "The person must agree to be known by face.")
    by = request.phone.person
    photo = residents.name_face(household, request.home, ring, asked.resident, by)
    return Answer(202, {"photo": photo})
