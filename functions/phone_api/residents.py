"""`/api/residents`: who lives here, and their photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household import residents
from doorbell.household.problems import Problem
from functions.phone_api import answers
from functions.phone_api.bodies import ConsentBody, Rename
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def show_all(household: Household, request: Request) -> Answer:
    """All of them, by name."""
    shown = residents.show_all(household, request.home)
    return Answer(200, {"residents": [answers.resident(household, each) for each in shown]})


def add_photo(household: Household, request: Request, name: str) -> Answer:
    """Where to upload one JPEG of this resident."""
    if not request.read(ConsentBody).consent:
        raise Problem("no_consent", "The person must agree to be known by face.")
    photo, upload = residents.add_photo(household, request.home, name, request.phone.person)
    return Answer(201, {"photo": photo, "upload": upload._asdict()})


def remove_photo(household: Household, request: Request, name: str, photo: str) -> Answer:
    """One photo, and the face it gave."""
    residents.remove_photo(household, request.home, name, photo)
    return Answer(204)


def rename(household: Household, request: Request, name: str) -> Answer:
    """Photos and phones follow."""
    residents.rename(household, request.home, name, request.read(Rename).name)
    return Answer(204)


def remove(household: Household, request: Request, name: str) -> Answer:
    """All photos and faces."""
    residents.remove(household, request.home, name)
    return Answer(204)
