"""A burst came: it becomes a film, and whoever waits for that hears of it."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorbell.errors import NoFilm
from doorbell.events import FilmFailed, FilmMade
from doorbell.films import telling
from doorbell.films.burst import MOST_BYTES, split
from doorbell.films.model import Period
from doorbell.liveness.judging import moves_like_a_print
from doorbell.protocol import Film
from doorbell.sending import send_to_phones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorbell.errors import FilmFailure
    from doorbell.films.burst import Split
    from doorbell.films.model import Burst, Party
    from doorbell.films.services import Films

_log = logging.getLogger(__name__)

FPS: Final = 5
"""Three seconds at the door, told in a little less than two."""
GIF_WIDTH: Final = 480
MP4_WIDTH: Final = 1280


def film_burst(films: Films, burst: Burst, size: int) -> None:
    """Make the films of a burst of so many bytes, and tell of them or why there are none.

    May be repeated.
    """
    found = films.rings.find(burst.home, burst.ring) if burst.ring else None
    try:
        if size > MOST_BYTES:
            raise NoFilm("too_large")
        parts = split(films.store.read(burst.key, MOST_BYTES))
        frames, skipped = _make(films, burst, parts)
    except NoFilm as error:
        _failed(films, burst, error.reason)
        return
    if burst.party:
        counts = frames, skipped
        shown = _moment(burst.home, burst.party)
        telling.film_made(films, burst.party.film, shown, burst.film, counts, "party")
        return
    flat = True if found and _is_flat(films, parts.frames) else None
    films.bus.publish(
        FilmMade(
            home=burst.home,
            film="ring",
            gif=burst.film.gif,
            mp4=burst.film.mp4,
            frames=frames,
            skipped=skipped,
            ring=burst.ring,
            camera=None,
            door=found.door if found else None,
            flat=flat,
        )
    )
    if found:
        _tell_phones(films, burst, found.id, flat)


def _failed(films: Films, burst: Burst, reason: FilmFailure) -> None:
    """A ring without a film needs no word on the phones: it loses nothing else."""
    if burst.party:
        telling.film_failed(films, burst.party.film, _moment(burst.home, burst.party), reason)
    else:
        films.bus.publish(FilmFailed(burst.home, burst.ring, None, reason))


def _moment(home: str, party: Party) -> Period:
    return Period(home, party.camera, party.at, party.at)


def _make(films: Films, burst: Burst, parts: Split) -> tuple[int, int]:
    """How many frames the film has, and how many of the burst's it has not. Raises NoFilm."""
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


def _is_flat(films: Films, frames: Sequence[bytes]) -> bool:
    """Whether what is seen moves like a flat print. It is advice, so it may cost no film."""
    try:
        return moves_like_a_print(films.tracker, frames)
    except Exception as error:
        _log.warning("what moves was not judged: %s", type(error).__name__)
        return False


def _tell_phones(films: Films, burst: Burst, ring: str, flat: bool | None) -> None:
    gif, mp4 = (films.photos.link(key, telling.LINK_LIFE) for key in burst.film)
    send_to_phones(films, burst.home, Film(ring, gif, mp4, flat))
