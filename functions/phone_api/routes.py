"""Which request goes to which handler, and who may make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.household.problems import Problem, not_found
from functions.phone_api import cameras, devices, guests, home, pairings, residents, rings

if TYPE_CHECKING:
    from collections.abc import Callable

    from functions.phone_api.request import Answer

PART: Final = "{}"
"""Stands for one part of a path, which the handler is given."""


class Route(NamedTuple):
    """One operation of docs/openapi.yaml."""

    method: str
    path: tuple[str, ...]
    handle: Callable[..., Answer]
    name: str
    """Its operationId: what the log calls it."""
    manager: bool = False
    """Whether only a phone that manages the home may ask."""
    anybody: bool = False
    """Whether no token is needed."""

    def fits(self, path: tuple[str, ...]) -> bool:
        """Whether this path is meant."""
        return len(path) == len(self.path) and all(
            mine in (PART, theirs) for mine, theirs in zip(self.path, path, strict=True)
        )

    def parts(self, path: tuple[str, ...]) -> list[str]:
        """What stands in the path's open places."""
        pairs = zip(self.path, path, strict=True)
        return [theirs for mine, theirs in pairs if mine == PART]


ROUTES: Final = (
    Route("POST", ("pairings",), pairings.create, "createPairing", manager=True),
    Route("POST", ("pairings", PART), pairings.use, "usePairing", anybody=True),
    Route("GET", ("home",), home.show, "getHome"),
    Route("PUT", ("home", "quiet-hours"), home.set_home_quiet, "setHomeQuietHours", manager=True),
    Route("PUT", ("me", "quiet-hours"), home.set_my_quiet, "setMyQuietHours"),
    Route("PUT", ("me", "push"), home.set_push, "setMyPush"),
    Route("DELETE", ("me", "push"), home.end_push, "endMyPush"),
    Route("PATCH", ("devices", PART), devices.change, "changeDevice", manager=True),
    Route("DELETE", ("devices", PART), devices.revoke, "revokeDevice"),
    Route("GET", ("rings",), rings.show_page, "listRings"),
    Route("GET", ("rings", PART), rings.show, "getRing"),
    Route("POST", ("rings", PART, "face"), rings.name_face, "nameFace", manager=True),
    Route("GET", ("residents",), residents.show_all, "listResidents"),
    Route("PATCH", ("residents", PART), residents.rename, "renameResident", manager=True),
    Route("DELETE", ("residents", PART), residents.remove, "removeResident", manager=True),
    Route("POST", ("residents", PART, "photos"), residents.add_photo, "addPhoto", manager=True),
    Route(
        "DELETE",
        ("residents", PART, "photos", PART),
        residents.remove_photo,
        "removePhoto",
        manager=True,
    ),
    Route("GET", ("guests",), guests.show_all, "listGuests"),
    Route("POST", ("guests",), guests.add, "addGuest", manager=True),
    Route("DELETE", ("guests", PART), guests.withdraw, "withdrawGuest", manager=True),
    Route("GET", ("cameras",), cameras.show_all, "listCameras"),
    Route("GET", ("cameras", PART, "films"), cameras.show_films, "listFilms"),
    Route("POST", ("cameras", PART, "films"), cameras.make_film, "makeFilm", manager=True),
    Route("GET", ("cameras", PART, "pictures"), cameras.show_pictures, "listPictures"),
    Route("GET", ("cameras", PART, "schedule"), cameras.show_schedule, "getSchedule"),
    Route("PUT", ("cameras", PART, "schedule"), cameras.set_schedule, "setSchedule", manager=True),
)


def find_route(method: str, path: tuple[str, ...]) -> Route:
    """Raises Problem `not_found`, `wrong_method`."""
    fitting = [route for route in ROUTES if route.fits(path)]
    if not fitting:
        raise not_found()
    for route in fitting:
        if route.method == method:
            return route
    allowed = ", ".join(route.method for route in fitting)
    problem = Problem("wrong_method", f"Here {allowed} is understood.")
    problem.allowed = allowed
    raise problem
