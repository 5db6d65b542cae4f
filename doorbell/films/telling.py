"""A camera's film was made, or failed: the bus and the phones hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from doorbell.events import FilmFailed, FilmMade
from doorbell.protocol import CameraFilm, CameraFilmFailed
from doorbell.sending import send_to_phones

if TYPE_CHECKING:
    from doorbell.errors import FilmFailure
    from doorbell.films.model import FilmKeys, Period
    from doorbell.films.services import Films

LINK_LIFE: Final = 3600
"""Seconds for which the phones' links serve, like those to photos."""


def film_made(
    films: Films,
    film: str,
    shown: Period,
    keys: FilmKeys,
    counts: tuple[int, int],
    kind: Literal["party", "camera"] = "camera",
) -> None:
    """`film` is its id; `counts` are the pictures in it, and those that could not be opened."""
    home, camera, start, end = shown
    frames, skipped = counts
    films.bus.publish(
        FilmMade(
            home, kind, None, camera, None, keys.gif, keys.mp4, frames, skipped, film, start, end
        )
    )
    gif, mp4 = (films.photos.link(key, LINK_LIFE) for key in keys)
    name = _name(films, home, camera)
    send_to_phones(
        films, home, CameraFilm(camera, name, film, start, end, frames, skipped, gif, mp4)
    )


def film_failed(films: Films, film: str, shown: Period, reason: FilmFailure) -> None:
    """There will be none."""
    home, camera, start, end = shown
    films.bus.publish(FilmFailed(home, None, camera, reason, film, start, end))
    name = _name(films, home, camera)
    send_to_phones(films, home, CameraFilmFailed(camera, name, film, start, end, reason))


def _name(films: Films, home: str, camera: str) -> str:
    """What it is called; its id if it is gone by now."""
    known = films.devices.find(home, camera)
    return known.name if known else camera
