"""A film was made, or failed: the history shows that of a ring, the cameras' page any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.household import camera_films, history
from doorbell.household.model import CameraFilm

if TYPE_CHECKING:
    from doorbell.household.services import Household


def handle(household: Household, name: str, detail: dict[str, Any]) -> None:
    """`detail` is that of FilmMade, or of FilmFailed of a camera."""
    if "ring" in detail:
        if name == "FilmMade":
            flat = bool(detail.get("flat"))
            history.film_made(household, detail["home"], detail["ring"], flat=flat)
        return
    film = CameraFilm(
        home=detail["home"],
        camera=detail["camera"],
        id=detail["id"],
        start=detail["start"],
        end=detail["end"],
        told_at=household.clock(),
        gif=detail.get("gif"),
        mp4=detail.get("mp4"),
        frames=detail.get("frames", 0),
        skipped=detail.get("skipped", 0),
        reason=detail.get("reason"),
    )
    camera_films.film_told(household, film)
