"""`/api/cameras`: the last picture, the pictures of a day, films, and when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.films import schedule
from doorbell.household import camera_films, camera_pictures, cameras
from doorbell.household.problems import Problem
from functions.phone_api import answers
from functions.phone_api.bodies import FilmRequest, ScheduleBody
from functions.phone_api.request import Answer, Request

if TYPE_CHECKING:
    from doorbell.household.services import Household


def show_all(household: Household, request: Request) -> Answer:
    """Every camera with its last picture."""
    shown = cameras.show_all(household, request.home)
    content = [answers.camera(household, each) for each in shown]
    return Answer(200, {"cameras": content, "picture_days": household.picture_days})


def show_pictures(household: Household, request: Request, camera: str) -> Answer:
    """A page of the pictures of one day."""
    known = cameras.known_camera(household, request.home, camera)
    query = request.query
    pictures, cursor = camera_pictures.page(
        household,
        request.home,
        known,
        query.get("day"),
        query.get("zone", "UTC"),
        query.get("cursor"),
    )
    shown = [answers.picture(household, each.key, each.at) for each in pictures]
    return Answer(200, {"pictures": shown, "next": cursor})


def show_films(household: Household, request: Request, camera: str) -> Answer:
    """A page of films, and the one that is being made."""
    known = cameras.known_camera(household, request.home, camera)
    films, cursor = camera_films.page(household, request.home, known, request.query.get("cursor"))
    making = camera_films.under_way(household, request.home, known)
    shown = [answers.film(household, each) for each in films]
    return Answer(200, {"films": shown, "next": cursor, "making": answers.making(making)})


def make_film(household: Household, request: Request, camera: str) -> Answer:
    """It begins now; some minutes later it is among the films."""
    asked = request.read(FilmRequest)
    known = cameras.known_camera(household, request.home, camera)
    film = camera_films.make(household, request.home, known, asked.start, asked.end)
    return Answer(202, {"id": film})


def show_schedule(household: Household, request: Request, camera: str) -> Answer:
    """When films are made by themselves."""
    known = cameras.known_camera(household, request.home, camera)
    found = schedule.find_schedule(household.schedules, request.home, known)
    return Answer(200, answers.schedule(found))


def set_schedule(household: Household, request: Request, camera: str) -> Answer:
    """Each day or each week from now on, or never any more."""
    asked = request.read(ScheduleBody)
    known = cameras.known_camera(household, request.home, camera)
    if asked.every == "never":
        schedule.remove_schedule(household.schedules, request.home, known)
    elif asked.at is None or asked.zone is None:
        raise Problem("bad_field", "`at` and `zone` must say when.")
    else:
        chosen = (asked.every, asked.at, asked.zone)
        schedule.set_schedule(household.schedules, request.home, known, *chosen)
    return Answer(204)
