"""`/api/cameras`: the last picture, films, and a film of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household import cameras
from functions.phone_api import answers
from functions.phone_api.bodies import FilmRequest
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def show_all(household: Household, request: Request) -> Answer:
    """Every camera with its last picture."""
    shown = cameras.show_all(household, request.home)
    return Answer(200, {"cameras": [answers.camera(household, each) for each in shown]})


def show_films(household: Household, request: Request, camera: str) -> Answer:
    """The latest films of periods."""
    shown = cameras.films(household, request.home, camera)
    return Answer(200, {"films": [answers.film(household, each) for each in shown]})


def make_film(household: Household, request: Request, camera: str) -> Answer:
    """It begins now; some minutes later it is among the films."""
    asked = request.read(FilmRequest)
    cameras.make_film(household, request.home, camera, asked.start, asked.end)
    return Answer(202)
