"""The film of what a camera saw: planned, made in parts, joined. The machine `film` calls these.

Each may be repeated: it writes the same objects again.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorbell.errors import NoFilm
from doorbell.films import plan as planning
from doorbell.films import telling
from doorbell.films.model import Plan, Size
from doorbell.films.names import period_film, segment_key, segments_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorbell.errors import FilmFailure
    from doorbell.films.model import FilmKeys, Period, Segment
    from doorbell.films.services import Films

WIDTH: Final = 1280
GIF_WIDTH: Final = 480


def plan(films: Films, period: Period) -> Plan:
    """Which pictures, in which parts, and how large the film is."""
    keys = list(planning.pictures_in(films.store, period))
    step = planning.every(len(keys), planning.MOST_PICTURES)
    taken = keys[::step]
    try:
        size = films.maker.size_of_first(films.store.pictures(taken), WIDTH)
    except NoFilm:
        return Plan((), None, 0)
    return Plan(planning.segments(keys), Size(*size), len(taken))


def make_segment(
    films: Films, period: Period, film: str, segment: Segment, size: Size, fps: float
) -> tuple[int, int]:
    """Make one part; how many pictures are in it, and how many could not be opened."""
    keys = list(planning.keys_of(films.store, period.home, period.camera, segment))
    with tempfile.TemporaryDirectory() as name:
        part = Path(name, "part.mp4")
        try:
            made = films.maker.make_mp4(
                films.store.pictures(keys), part, fps=fps, width=WIDTH, size=size, rebound=False
            )
        except NoFilm:
            return 0, len(keys)
        key = segment_key(period.home, period.camera, film, segment.number)
        films.store.put(key, part)
    return made.frames, made.skipped


def join(films: Films, period: Period, film: str) -> None:
    """Join the parts. Raises NoFilm if there are none."""
    with tempfile.TemporaryDirectory() as name:
        whole = Path(name, "film.mp4")
        films.maker.join(_fetched(films, period, film, Path(name, "part.mp4")), whole)
        films.store.put(period_film(period, film).mp4, whole)


def make_gif(films: Films, period: Period, film: str, fps: float) -> None:
    """A GIF of some of the pictures, evenly spread. Raises NoFilm if none of them can be opened."""
    keys = list(planning.pictures_in(films.store, period))
    some = keys[:: planning.every(len(keys), planning.IN_A_GIF)]
    with tempfile.TemporaryDirectory() as name:
        gif = Path(name, "film.gif")
        films.maker.make_gif(
            films.store.pictures(some), gif, fps=fps, width=GIF_WIDTH, rebound=False
        )
        films.store.put(period_film(period, film).gif, gif)


def finish(films: Films, period: Period, film: str, frames: int, skipped: int) -> FilmKeys:
    """Tell of the film; its parts are gone. Gives where it is."""
    keys = period_film(period, film)
    telling.film_made(films, film, period, keys, (frames, skipped))
    films.store.delete(segments_of(period.home, period.camera, film))
    return keys


def give_up(films: Films, period: Period, film: str, reason: FilmFailure) -> None:
    """Tell that there is no film; its parts are gone."""
    telling.film_failed(films, film, period, reason)
    films.store.delete(segments_of(period.home, period.camera, film))


def _fetched(films: Films, period: Period, film: str, part: Path) -> Iterator[Path]:
    """The parts, one after another in the same place: joining is done with one before it asks for
    the next.
    """
    for key in films.store.keys(segments_of(period.home, period.camera, film)):
        films.store.fetch(key, part)
        yield part
        part.unlink()
