"""A film was made: whoever said so sees it published.

At most once. A film is claimed before it is sent, so a post whose answer is lost, and an event that
comes twice, make no second post; a claimed film whose sending fails is not tried again.
"""

from __future__ import annotations

import logging
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import Conflict, FilmNotPublished, NoFilm
from doorbell.publishing.model import FilmFile

if TYPE_CHECKING:
    from doorbell.errors import PublishFailure
    from doorbell.events import FilmMade
    from doorbell.publishing.model import MediaType, Publication
    from doorbell.publishing.ports import HomeDevices
    from doorbell.publishing.services import Publishing

_log = logging.getLogger(__name__)

SIDE_BY_SIDE: Final = 3
"""A service that hangs keeps no other waiting; each has a film on the disk meanwhile."""

WORDS: Final = {
    "party": "A moment from the party camera.",
    "camera": "What our camera saw.",
    "ring": "At our door.",
}
"""What stands beside a film if nothing else was chosen: it names nobody."""


class _Choice(NamedTuple):
    """One of a film's two files, and how much of it is taken."""

    key: str
    media_type: MediaType
    most: int


def publish(publishing: Publishing, film: FilmMade) -> int:
    """Publish the film where the home has said so; how many accounts took it.

    Raises FilmNotPublished when all were tried and one did not take it: then an alarm says so.
    """
    wanted = [
        each
        for each in publishing.secrets.of_home(film.home)
        if concerns(each, film, publishing.devices)
    ]
    if not wanted:
        return 0
    with ThreadPoolExecutor(min(len(wanted), SIDE_BY_SIDE)) as threads:
        ended = list(threads.map(lambda each: _try(publishing, film, each), wanted))
    for each in ended:
        if isinstance(each, FilmNotPublished):
            raise each
    return sum(each is True for each in ended)


def concerns(publication: Publication, film: FilmMade, devices: HomeDevices) -> bool:
    """Whether this film goes there. Visitors are published only where that was said: they are seen
    in a door's films, and in those of a camera that rings at a door.
    """
    of_ring = film.film == "ring"
    source = film.door if of_ring else film.camera
    if source is None or source != (publication.door if of_ring else publication.camera):
        return False
    device = devices.find(film.home, source)
    if device is None or device.role != ("door" if of_ring else "camera"):
        return False
    sees_visitors = of_ring or device.door is not None
    return publication.visitors or not sees_visitors


def _try(
    publishing: Publishing, film: FilmMade, publication: Publication
) -> bool | FilmNotPublished:
    """Whether it was published now; or why it was not."""
    try:
        return _publish(publishing, film, publication)
    except FilmNotPublished as error:
        _log.warning("a film was not published: %s, %s", publication.to.service, error.reason)
        return error


def _publish(publishing: Publishing, film: FilmMade, publication: Publication) -> bool:
    with tempfile.TemporaryDirectory() as name:
        # What may pass by itself, as S3's trouble, comes before the claim: it may be given back.
        ready = _ready(publishing, film, publication, Path(name))
        try:
            publishing.published.claim(film.home, film.mp4, publication.id)
        except Conflict:
            return False
        if isinstance(ready, FilmNotPublished):
            raise ready
        publishing.accounts.post(publication.to, publication.text or WORDS[film.film], ready)
    return True


def _ready(
    publishing: Publishing, film: FilmMade, publication: Publication, folder: Path
) -> FilmFile | FilmNotPublished:
    """The film as this account takes it, the MP4 rather than the GIF; or why there is none."""
    try:
        limits = publishing.accounts.limits(publication.to)
    except FilmNotPublished as error:
        return error
    why: PublishFailure = "too_large"
    for key, media_type, most in (
        _Choice(film.mp4, "video/mp4", limits.mp4),
        _Choice(film.gif, "image/gif", limits.gif),
    ):
        path = folder / f"film.{media_type[-3:]}"
        try:
            if most:
                publishing.films.fetch(key, path, most)
                return FilmFile(path, media_type, path.stat().st_size)
        except NoFilm as error:
            why = "too_large" if error.reason == "too_large" else "gone"
    return FilmNotPublished(why)
