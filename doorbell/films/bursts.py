"""A burst came: it becomes a film, and whoever waits for that hears of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorbell.errors import NoFilm
from doorbell.events import FilmFailed, FilmMade
from doorbell.films.burst import MOST_BYTES, split
from doorbell.protocol import Film
from doorbell.sending import send_to_phones

if TYPE_CHECKING:
    from doorbell.films.model import Burst
    from doorbell.films.services import Films

FPS: Final = 5
"""Three seconds at the door, told in a little less than two."""
GIF_WIDTH: Final = 480
MP4_WIDTH: Final = 1280
LINK_LIFE: Final = 3600
"""Seconds for which the phones' links serve, like those to photos."""


def film_burst(films: Films, burst: Burst, size: int) -> None:
    """Make the films of a burst of so many bytes, and tell of them or why there are none.

    May be repeated.
    """
    found = films.rings.find(burst.home, burst.ring) if burst.ring else None
    try:
        if size > MOST_BYTES:
            raise NoFilm("too_large")
        frames, skipped = _make(films, burst)
    except NoFilm as error:
        films.bus.publish(FilmFailed(burst.home, burst.ring, burst.camera, error.reason))
        return
    films.bus.publish(
        FilmMade(
            home=burst.home,
            film="ring" if burst.ring else "party",
            gif=burst.film.gif,
            mp4=burst.film.mp4,
            frames=frames,
            skipped=skipped,
            ring=burst.ring,
            camera=burst.camera,
            door=found.door if found else None,
        )
    )
    if found:
        _tell_phones(films, burst, found.id)


def _make(films: Films, burst: Burst) -> tuple[int, int]:
    """How many frames the film has, and how many of the burst's it has not. Raises NoFilm."""
    parts = split(films.store.read(burst.key, MOST_BYTES))
    rebound = ("ring" if burst.ring else "party") in films.rebound
    with tempfile.TemporaryDirectory() as name:
        gif, mp4 = Path(name, "film.gif"), Path(name, "film.mp4")
        made = films.maker.make_gif(parts.frames, gif, fps=FPS, width=GIF_WIDTH, rebound=rebound)
        films.maker.make_mp4(
            parts.frames, mp4, fps=FPS, width=MP4_WIDTH, size=None, rebound=rebound
        )
        films.store.put(burst.film.gif, gif)
        films.store.put(burst.film.mp4, mp4)
    return made.frames, made.skipped + parts.damaged


def _tell_phones(films: Films, burst: Burst, ring: str) -> None:
    gif, mp4 = (films.photos.link(key, LINK_LIFE) for key in burst.film)
    send_to_phones(films, burst.home, Film(ring, gif, mp4))
